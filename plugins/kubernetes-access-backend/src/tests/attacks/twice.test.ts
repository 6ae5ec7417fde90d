import { mockServices } from '@backstage/backend-test-utils';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { readKubernetesAccessOptions } from '../../config';
import {
  aComponent,
  aGroup,
  aUser,
  demoCatalog,
} from '../../testUtils/catalog';
import type { Person } from '../../testUtils/TestApi';
import { anAsk, TestApi } from '../../testUtils/TestApi';

const DAY = 24 * 3600 * 1000;

describe('at the same moment, twice, or too late', () => {
  let api: TestApi;

  async function start(approvals = 1) {
    await api?.stop();
    const { defaults } = readKubernetesAccessOptions(mockServices.rootConfig());
    api = await TestApi.start({
      options: { defaults: { ...defaults, approvals } },
      entities: [
        ...demoCatalog().filter(({ metadata }) => metadata.name !== 'payments'),
        aGroup('payments', { members: ['olga', 'omar', 'oona'] }),
        aUser('oona', 'payments'),
        ...Array.from({ length: 12 }, (_, index) =>
          aComponent(`service-${index}`, 'payments', 'payments'),
        ),
      ],
    });
  }

  beforeEach(async () => {
    await start();
  });

  afterEach(async () => {
    await api.stop();
  });

  const deny = (person: Person, { id, digest }: AccessRequestDetail) =>
    api.post(person, `/requests/${id}/deny`, { digest, comment: 'No.' });
  const end = (person: Person, { id }: AccessRequestDetail, how: string) =>
    api.post(person, `/requests/${id}/${how}`);
  const askAs = (person: Person, key: string, body: object = anAsk()) =>
    api.post(person, '/requests', body).set('Idempotency-Key', key);

  const statusesOf = async (calls: Array<PromiseLike<{ status: number }>>) =>
    (await Promise.all(calls)).map(({ status }) => status).sort();

  const recordOf = async ({ id }: { id: string }) =>
    (await api.stores.requests.get(id))!.entries.map(({ kind }) => kind);

  describe('asking', () => {
    it('ten times at once makes one request', async () => {
      const calls = Array.from({ length: 10 }, () =>
        api.post('ada', '/requests', anAsk()),
      );
      expect(await statusesOf(calls)).toEqual([201, ...Array(9).fill(409)]);
      const { items } = (await api.get('ada', '/requests?scope=mine')).body;
      expect(items).toHaveLength(1);
    });

    it('ten times at once with a key makes one request, and each call gets it', async () => {
      const calls = Array.from({ length: 10 }, () => askAs('ada', 'key'));
      const answers = await Promise.all(calls);
      expect(new Set(answers.map(({ status }) => status))).toEqual(
        new Set([201]),
      );
      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    });

    it('with the key of somebody else makes a request of one’s own', async () => {
      const first = await askAs('ada', 'key');
      const second = await askAs('zoe', 'key');
      expect([first.status, second.status]).toEqual([201, 201]);
      expect(second.body.id).not.toBe(first.body.id);
      expect(second.body.requester).toBe('user:default/zoe');
      expect(JSON.stringify(second.body)).not.toMatch(/default\/ada/);
    });

    it.each([
      ['reason', { reason: 'Something else altogether.' }],
      ['duration', { durationSeconds: 3600 }],
      ['entity', { entityRef: 'component:default/service-1' }],
    ])('with a used key and another %s is refused', async (_, other) => {
      await askAs('ada', 'key');
      const response = await askAs('ada', 'key', anAsk(other));
      expect(response.status).toBe(409);
      expect(response.body.error.message).toBe(
        "The Idempotency-Key 'key' was used for another request; use a new one",
      );
    });

    it('with a used key after the end finds what has ended, and makes nothing', async () => {
      const { body: first } = await askAs('ada', 'key');
      await end('ada', first, 'cancel');
      const { body: again } = await askAs('ada', 'key');
      expect([again.id, again.phase]).toEqual([first.id, 'Cancelled']);
    });

    it('for more than there is room for stops at the limit, also at once', async () => {
      const calls = Array.from({ length: 12 }, (_, index) =>
        api.post(
          'ada',
          '/requests',
          anAsk({ entityRef: `component:default/service-${index}` }),
        ),
      );
      expect(await statusesOf(calls)).toEqual([
        ...Array(10).fill(201),
        409,
        409,
      ]);
    });
  });

  describe('deciding', () => {
    it('twice counts once', async () => {
      await start(2);
      const asked = await api.ask();
      const statuses = await statusesOf([
        api.approve('olga', asked),
        api.approve('olga', asked),
        api.approve('olga', asked),
      ]);
      expect(statuses).toEqual([200, 409, 409]);
      expect(await recordOf(asked)).toEqual(['asked', 'decided']);
      expect((await api.get('ada', `/requests/${asked.id}`)).body.phase).toBe(
        'Pending',
      );
    });

    it('for and against at once leaves one of the two', async () => {
      const asked = await api.ask();
      const statuses = await statusesOf([
        api.approve('olga', asked),
        deny('omar', asked),
      ]);
      expect(statuses).toEqual([200, 409]);
      expect(await recordOf(asked)).toEqual(['asked', 'decided']);
    });

    it('by three at once stops when it is enough', async () => {
      await start(2);
      const asked = await api.ask();
      const statuses = await statusesOf(
        (['olga', 'omar', 'oona'] as Person[]).map(person =>
          api.approve(person, asked),
        ),
      );
      expect(statuses).toEqual([200, 200, 409]);
    });

    it('and withdrawing at once: whoever was first stands, and nothing is approved after an end', async () => {
      const asked = await api.ask();
      await Promise.all([
        api.approve('olga', asked),
        end('ada', asked, 'cancel'),
      ]);
      const kinds = await recordOf(asked);
      expect([
        ['asked', 'decided', 'ended'],
        ['asked', 'ended'],
      ]).toContainEqual(kinds);
      expect((await api.get('ada', `/requests/${asked.id}`)).body.phase).toBe(
        'Cancelled',
      );
    });

    it.each([
      ['a moment before the deadline counts', DAY - 1, 200],
      ['at the deadline is too late', DAY, 409],
      ['after the deadline is too late', DAY + 1, 409],
    ])('%s, although nothing has cleaned up', async (_, wait, status) => {
      const asked = await api.ask();
      await api.clock.advance(wait);
      expect((await api.approve('olga', asked)).status).toBe(status);
    });

    it.each(['sha256:0', '', 'x'.repeat(100), 'SHA256'])(
      'on something else than what stands (%s) counts for nothing',
      async digest => {
        const { id } = await api.ask();
        const response = await api.approve('olga', { id, digest });
        expect(response.status).toBe(409);
        expect(await recordOf({ id })).toEqual(['asked']);
      },
    );

    it('with the digest of an earlier request for the same is refused', async () => {
      const first = await api.ask({ reason: 'The first of two reasons.' });
      await end('ada', first, 'cancel');
      const second = await api.ask({ reason: 'The second of two reasons.' });
      const response = await api.approve('olga', {
        id: second.id,
        digest: first.digest,
      });
      expect(response.status).toBe(409);
    });

    it('is refused where the name of the cluster stands for another one', async () => {
      const asked = await api.ask();
      api.clusterUid = 'another';
      const response = await api.approve('olga', asked);
      expect(response.status).toBe(403);
      expect(response.body.error.message).toMatch(
        /The name demo stands for another cluster now/,
      );
    });
  });

  describe('ending', () => {
    it('by three at once happens once, and tells the others how', async () => {
      const asked = await api.ask();
      await api.approve('olga', asked);
      await api.grant(asked.id);
      const answers = await Promise.all([
        end('ada', asked, 'cancel'),
        end('olga', asked, 'revoke'),
        end('pia', asked, 'revoke'),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([
        200, 409, 409,
      ]);
      expect(await recordOf(asked)).toEqual([
        'asked',
        'decided',
        'started',
        'ended',
      ]);
    });

    it('leaves nothing to be used in the very same moment', async () => {
      const asked = await api.ask();
      await api.approve('olga', asked);
      await api.grant(asked.id);
      await end('pia', asked, 'revoke');
      const pods = await api.get('ada', `/requests/${asked.id}/pods`);
      const session = await api.post('ada', `/requests/${asked.id}/sessions`, {
        namespace: 'payments',
        pod: 'payments-api-1',
        container: 'api',
        columns: 80,
        rows: 24,
      });
      expect([pods.status, session.status]).toEqual([409, 409]);
    });
  });

  describe('opening terminals', () => {
    it('for more than there is room for stops at the limit, also at once', async () => {
      const asked = await api.ask();
      await api.approve('olga', asked);
      await api.grant(asked.id);
      const calls = Array.from({ length: 8 }, () =>
        api.post('ada', `/requests/${asked.id}/sessions`, {
          namespace: 'payments',
          pod: 'payments-api-1',
          container: 'api',
          columns: 80,
          rows: 24,
        }),
      );
      expect(await statusesOf(calls)).toEqual([
        ...Array(5).fill(201),
        ...Array(3).fill(409),
      ]);
    });

    it('with tickets that nobody uses makes room again', async () => {
      const asked = await api.ask();
      await api.approve('olga', asked);
      await api.grant(asked.id);
      const open = () =>
        api.post('ada', `/requests/${asked.id}/sessions`, {
          namespace: 'payments',
          pod: 'payments-api-1',
          container: 'api',
          columns: 80,
          rows: 24,
        });
      for (let i = 0; i < 5; i++) {
        await open();
      }
      expect((await open()).status).toBe(409);
      await api.clock.advance(32_000);
      expect((await open()).status).toBe(201);
    });
  });

  describe('a flood of refused calls', () => {
    it('is counted, not written down one by one', async () => {
      const asked = await api.ask();
      for (let i = 0; i < 60; i++) {
        await api.approve('ada', asked);
        await api.get('zoe', `/requests/${asked.id}`);
        await api.get('zoe', `/requests/01kf0000000000000000000${100 + i}`);
      }
      await api.clock.advance(61_000);
      const events = [
        ...(await api.stores.audit.read('system')),
        ...(await api.stores.audit.read(asked.id)),
      ].filter(({ outcome }) => outcome === 'refused');
      expect(
        events.map(({ actor, meta }) => [actor, meta.action, meta.repeated]),
      ).toEqual([
        ['user:default/zoe', 'request-read', 0],
        ['user:default/zoe', 'request-read', 59],
        ['user:default/ada', 'request-decide', 0],
        ['user:default/zoe', 'request-read', 0],
        ['user:default/ada', 'request-decide', 59],
        ['user:default/zoe', 'request-read', 59],
      ]);
      expect((await api.stores.archive.verify()).findings).toEqual([]);
    });
  });
});
