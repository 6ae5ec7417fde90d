import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { mockServices } from '@backstage/backend-test-utils';
import { AuditArchive } from '../audit';
import type { Person } from '../testUtils/TestApi';
import { TestApi } from '../testUtils/TestApi';

const ROUTES = ['/audit/verification', '/audit/events', '/audit/segments'];

describe('the audit trail over HTTP', () => {
  let api: TestApi;

  beforeEach(async () => {
    api = await TestApi.start();
  });

  afterEach(async () => {
    await api.stop();
  });

  const eventsOf = async (query = '') => {
    const { text } = await api.get('kim', `/audit/events${query}`);
    return text
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line));
  };

  describe.each(ROUTES)('%s', route => {
    it.each<Person>(['kim', 'pia'])('is there for %s', async person => {
      expect((await api.get(person, route)).status).toBe(200);
    });

    it.each<Person>(['ada', 'olga', 'sam', 'guest'])(
      'does not exist for %s',
      async person => {
        const asked = await api.ask();
        for (const path of [route, `${route}?chain=${asked.id}`]) {
          const { status, body } = await api.get(person, path);
          expect(status).toBe(404);
          expect(body.error.message).toBe('There is nothing here');
        }
      },
    );

    it('does not exist for auditors whom the permission framework denies it', async () => {
      const permissions = mockServices.permissions.mock({
        authorize: async questions =>
          questions.map(({ permission }) => ({
            result:
              permission.name === 'kubernetes-access.audit.read'
                ? AuthorizeResult.DENY
                : AuthorizeResult.ALLOW,
          })),
      });
      const strict = await TestApi.start({ permissions });
      expect((await strict.get('kim', route)).status).toBe(404);
      await strict.stop();
    });

    it('does not exist for a chain that there is not', async () => {
      const { status, body } = await api.get(
        'kim',
        `${route}?chain=01kf0000000000000000000000`,
      );
      expect(status).toBe(404);
      expect(body.error.message).toBe(
        "There is no chain '01kf0000000000000000000000'",
      );
    });

    it('leaves on record who looked, and who was not let', async () => {
      await api.get('kim', route);
      await api.get('ada', route);
      expect(await api.stores.audit.read('system')).toMatchObject([
        {
          eventId: 'audit-read',
          actor: 'user:default/kim',
          outcome: 'succeeded',
        },
        {
          eventId: 'access-refused',
          actor: 'user:default/ada',
          meta: { action: 'audit-read', reason: 'not-found' },
        },
      ]);
    });

    it('refuses what is no chain with words', async () => {
      const { status } = await api.get('kim', `${route}?chain=../x`);
      expect(status).toBe(400);
    });
  });

  it('says that nothing is wrong', async () => {
    await api.ask();
    const { body } = await api.get('kim', '/audit/verification');
    expect(body).toEqual({
      sound: true,
      chains: 3,
      events: 3,
      segments: 0,
      unconfirmedSegments: 0,
      findings: [],
      moreFindings: 0,
    });
  });

  it('says what is wrong where', async () => {
    const { id } = await api.ask();
    await api.stores
      .knex('audit_events')
      .where({ chain: id })
      .update({ actor: 'user:default/sam' });
    const finding = {
      chain: id,
      sequence: 1,
      kind: 'changed',
      message: 'Event 1 was changed.',
    };
    for (const query of ['', `?chain=${id}`, '?recordings=false']) {
      const { body } = await api.get('kim', `/audit/verification${query}`);
      expect(body.sound).toBe(false);
      expect(body.findings).toContainEqual(finding);
    }
  });

  it('exports everything that a verification needs, as lines', async () => {
    const asked = await api.ask();
    await api.approve('olga', asked);
    expect(await eventsOf()).toEqual([
      ...(await api.stores.audit.read('chains')),
      ...(await api.stores.audit.read(asked.id)),
      ...(await api.stores.audit.read('system')),
    ]);
  });

  it('goes on behind the last event that is known', async () => {
    await api.ask();
    const all = await eventsOf('?limit=100');
    const [first] = await eventsOf('?limit=1');
    const rest = await eventsOf(`?cursor=${first.chain}.${first.sequence}`);
    expect([first, ...rest].map(({ mac }) => mac)).toEqual([
      ...all.map(({ mac }) => mac),
      // That the auditor came again is on record too.
      expect.any(String),
      expect.any(String),
    ]);
  });

  it('verifies once at a time', async () => {
    let goOn = () => {};
    const verify = jest
      .spyOn(api.stores.archive, 'verify')
      .mockImplementationOnce(async () => {
        await new Promise<void>(resolve => {
          goOn = resolve;
        });
        return new AuditArchive({ knex: api.stores.knex, keys: [] }).verify();
      });
    const first = api.get('kim', '/audit/verification').then(_ => _);
    while (verify.mock.calls.length === 0) {
      await new Promise(setImmediate);
    }
    expect((await api.get('kim', '/audit/verification')).status).toBe(409);
    goOn();
    expect((await first).status).toBe(200);
    expect((await api.get('kim', '/audit/verification')).status).toBe(200);
  });
});
