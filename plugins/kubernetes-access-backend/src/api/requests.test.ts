import { mockCredentials } from '@backstage/backend-test-utils';
import request from 'supertest';
import { aComponent, demoCatalog } from '../testUtils/catalog';
import { anAsk, NO_QUOTAS, TestApi } from '../testUtils/TestApi';

describe('the API', () => {
  let api: TestApi;

  beforeEach(async () => {
    api = await TestApi.start();
  });

  afterEach(async () => {
    await api.stop();
  });

  describe('asking', () => {
    it('answers with the request as it stands', async () => {
      const created = await api.ask();
      expect(created).toMatchObject({
        requester: 'user:default/ada',
        entityRef: 'component:default/payments-api',
        cluster: { name: 'demo', title: 'Demo cluster' },
        targets: [
          {
            namespace: 'payments',
            podSelector: 'backstage.io/kubernetes-id=payments-api',
          },
        ],
        phase: 'Pending',
        approvers: {
          owners: ['group:default/payments'],
          users: ['user:default/olga', 'user:default/omar'],
        },
        actions: {
          decide: false,
          cancel: true,
          revoke: false,
          openSession: false,
        },
      });
      expect(created.timeline.map(({ kind }) => kind)).toEqual(['asked']);
      expect(api.poked).toEqual([created.id]);
    });

    it('leaves an event in the audit trail', async () => {
      const { id } = await api.ask();
      expect(await api.stores.audit.read(id)).toMatchObject([
        {
          eventId: 'request-create',
          actor: 'user:default/ada',
          outcome: 'succeeded',
        },
      ]);
    });

    it('means the same entity however its ref is written', async () => {
      const { entityRef } = await api.ask({
        entityRef: 'Component:Payments-API',
      });
      expect(entityRef).toBe('component:default/payments-api');
    });

    it('finds the first request when the call is repeated with its key', async () => {
      const send = () =>
        api.post('ada', '/requests', anAsk()).set('Idempotency-Key', 'once');
      const [first, second] = [await send(), await send()];
      expect(second.status).toBe(201);
      expect(second.body.id).toBe(first.body.id);
    });

    it('refuses a second open request for the same pods', async () => {
      const { id } = await api.ask();
      const response = await api.post('ada', '/requests', anAsk());
      expect(response.status).toBe(409);
      expect(response.body.error.message).toContain(id);
    });

    it.each([
      [
        'an unknown field',
        { startTime: 'now' },
        /Unknown field 'startTime'; known are entityRef, /,
      ],
      ['another level', { accessLevel: 'debug' }, /accessLevel/],
      ['no reason', { reason: '         x         ' }, /from 10 to 1000/],
      ['too long a time', { durationSeconds: 9 * 3600 }, /from 600 to 28800/],
      ['a fraction of a second', { durationSeconds: 900.5 }, /integer/],
      ['what is no ref', { entityRef: ':::' }, /not an entity ref/],
      ['another namespace', { namespace: 'vault' }, /demo\/payments/],
      ['another cluster', { cluster: 'prod' }, /demo\/payments/],
    ])('refuses %s with words', async (_, wrong, message) => {
      const response = await api.post('ada', '/requests', {
        ...anAsk(),
        ...wrong,
      });
      expect(response.status).toBe(400);
      expect(response.body.error.message).toMatch(message);
    });

    it.each([
      ['an entity that is not there', 'component:default/nothing', 404],
      [
        "an entity of another team's namespace",
        'component:default/sneaky',
        403,
      ],
      ['an entity without an owner', 'component:default/orphan', 403],
    ])('gives nothing for %s', async (_, entityRef, status) => {
      const response = await api.post('ada', '/requests', anAsk({ entityRef }));
      expect(response.status).toBe(status);
      expect((await api.get('ada', '/counts')).body.mine).toBe(0);
    });

    it('puts a refusal on record, and after a minute how often it was repeated', async () => {
      const sneak = () =>
        api.post(
          'ada',
          '/requests',
          anAsk({ entityRef: 'component:default/sneaky' }),
        );
      await sneak();
      await sneak();
      await api.clock.advance(61_000);
      await sneak();
      expect(
        (await api.stores.audit.read('system')).map(({ meta }) => meta),
      ).toEqual([
        expect.objectContaining({ reason: 'no-consent', repeated: 0 }),
        expect.objectContaining({ reason: 'no-consent', repeated: 1 }),
        expect.objectContaining({ reason: 'no-consent', repeated: 0 }),
      ]);
    });

    it('says so when the cluster is away', async () => {
      api.isClusterReady = false;
      const response = await api.post('ada', '/requests', anAsk());
      expect(response.status).toBe(503);
    });

    it('is not for guests', async () => {
      const response = await api.post('guest', '/requests', anAsk());
      expect(response.status).toBe(403);
      expect(response.body.error.message).toMatch(/Guests/);
    });

    it('is not for services, nor for nobody', async () => {
      const send = (header: string) =>
        request(api.app)
          .post('/requests')
          .set('Authorization', header)
          .send(anAsk());
      expect((await send(mockCredentials.service.header())).status).toBe(403);
      expect((await send(mockCredentials.none.header())).status).toBe(401);
    });

    it('ends at the quota, except for a call that is repeated', async () => {
      await api.stop();
      api = await TestApi.start({
        options: { quotas: { ...NO_QUOTAS, openRequestsPerUser: 1 } },
        entities: [
          ...demoCatalog(),
          aComponent('payments-db', 'payments', 'payments'),
        ],
      });
      const ask = (name: string) =>
        api
          .post(
            'ada',
            '/requests',
            anAsk({ entityRef: `component:default/${name}` }),
          )
          .set('Idempotency-Key', name);
      expect((await ask('payments-api')).status).toBe(201);
      expect((await ask('payments-api')).status).toBe(201);
      const beyond = await ask('payments-db');
      expect(beyond.status).toBe(409);
      expect(beyond.body.error.message).toMatch(/limit/);
    });
  });

  describe('a request', () => {
    it.each([
      ['ada', 200],
      ['olga', 200],
      ['pia', 200],
      ['kim', 200],
      ['sam', 404],
      ['guest', 404],
    ] as const)('answers %s with %d', async (person, status) => {
      const { id } = await api.ask();
      const response = await api.get(person, `/requests/${id}`);
      expect(response.status).toBe(status);
    });

    it('looks to a stranger like one that there is not', async () => {
      const { id } = await api.ask();
      const there = await api.get('sam', `/requests/${id}`);
      const other = id.replace(/.$/, id.endsWith('0') ? '1' : '0');
      const notThere = await api.get('sam', `/requests/${other}`);
      expect(there.body.error.message.replace(id, other)).toBe(
        notThere.body.error.message,
      );
      expect((await api.get('sam', '/requests/nonsense')).status).toBe(404);
    });

    it('is not changed by a stranger, who learns nothing', async () => {
      const { id, digest } = await api.ask();
      for (const action of ['approve', 'deny', 'cancel', 'revoke']) {
        const isDecision = action === 'approve' || action === 'deny';
        const response = await api.post(
          'sam',
          `/requests/${id}/${action}`,
          isDecision ? { digest, comment: 'No.' } : {},
        );
        expect(response.status).toBe(404);
      }
      expect((await api.get('ada', `/requests/${id}`)).body.phase).toBe(
        'Pending',
      );
    });

    it('expires by the clock, also when nobody has looked', async () => {
      const { id } = await api.ask();
      await api.clock.advance(24 * 3600 * 1000);
      const { body } = await api.get('ada', `/requests/${id}`);
      expect(body).toMatchObject({ phase: 'Expired', endReason: 'expired' });
      expect(body.timeline.at(-1)).toMatchObject({
        kind: 'ended',
        actor: 'system',
      });
    });
  });

  describe('ending', () => {
    it('is for the requester by cancelling', async () => {
      const { id } = await api.ask();
      const response = await api.post('ada', `/requests/${id}/cancel`, {
        comment: 'Found it.',
      });
      expect(response.body).toMatchObject({
        phase: 'Cancelled',
        endedBy: 'user:default/ada',
        endComment: 'Found it.',
      });
      const again = await api.post('ada', `/requests/${id}/cancel`);
      expect(again.status).toBe(409);
    });

    it.each(['olga', 'pia'] as const)('is for %s by revoking', async person => {
      const asked = await api.ask();
      await api.approve('omar', asked);
      await api.grant(asked.id);
      const response = await api.post(person, `/requests/${asked.id}/revoke`);
      expect(response.body).toMatchObject({
        phase: 'Revoked',
        endedBy: `user:default/${person}`,
      });
    });

    it.each([
      ['kim', 'cancel'],
      ['kim', 'revoke'],
      ['olga', 'cancel'],
      ['ada', 'revoke'],
    ] as const)('is not for %s by %s', async (person, action) => {
      const { id } = await api.ask();
      const response = await api.post(person, `/requests/${id}/${action}`);
      expect(response.status).toBe(403);
    });
  });

  describe('using', () => {
    it('is for the requester of an access that stands', async () => {
      const asked = await api.ask();
      const pods = () => api.get('ada', `/requests/${asked.id}/pods`);
      expect((await pods()).status).toBe(409);
      await api.approve('olga', asked);
      await api.grant(asked.id);
      expect((await pods()).body.items).toMatchObject([
        { name: 'payments-api-1', namespace: 'payments' },
      ]);
      const ticket = await api.post('ada', `/requests/${asked.id}/sessions`, {
        namespace: 'payments',
        pod: 'payments-api-1',
        container: 'api',
        columns: 80,
        rows: 24,
      });
      expect(ticket.status).toBe(201);
      await api.clock.advance(1800_000);
      expect((await pods()).status).toBe(409);
    });

    it('says so when the cluster does not answer', async () => {
      const asked = await api.ask();
      await api.approve('olga', asked);
      api.cluster.refuse('list', /pods/, new Error('socket hang up'));
      const response = await api.get('ada', `/requests/${asked.id}/pods`);
      expect(response.status).toBe(503);
      expect(response.body.error.message).toMatch(/The pods of demo/);
    });

    it.each(['olga', 'pia', 'kim'] as const)(
      'is not for %s, who sees it',
      async person => {
        const asked = await api.ask();
        await api.approve('olga', asked);
        await api.grant(asked.id);
        const pods = await api.get(person, `/requests/${asked.id}/pods`);
        expect(pods.status).toBe(403);
        const session = await api.post(
          person,
          `/requests/${asked.id}/sessions`,
          {
            namespace: 'payments',
            pod: 'payments-api-1',
            container: 'api',
            columns: 80,
            rows: 24,
          },
        );
        expect(session.status).toBe(403);
      },
    );
  });

  describe('lists', () => {
    const idsOf = async (
      person: Parameters<TestApi['get']>[0],
      query: string,
    ) =>
      (await api.get(person, `/requests?${query}`)).body.items.map(
        (item: { id: string }) => item.id,
      );

    it.each([
      ['ada', 'mine', true],
      ['olga', 'mine', false],
      ['olga', 'to-decide', true],
      ['ada', 'to-decide', false],
      ['pia', 'to-decide', false],
      ['sam', 'all', false],
      ['olga', 'all', true],
      ['pia', 'all', true],
      ['kim', 'all', true],
      ['guest', 'all', false],
    ] as const)('of %s in the scope %s', async (person, scope, isThere) => {
      const { id } = await api.ask();
      expect(await idsOf(person, `scope=${scope}`)).toEqual(
        isThere ? [id] : [],
      );
    });

    it('come in pages, newest first', async () => {
      const ids: string[] = [];
      for (let i = 0; i < 5; i++) {
        const { id } = await api.ask();
        await api.post('ada', `/requests/${id}/cancel`);
        await api.clock.advance(1000);
        ids.unshift(id);
      }
      const first = await api.get('ada', '/requests?scope=mine&limit=3');
      expect(first.body.items.map(({ id }: { id: string }) => id)).toEqual(
        ids.slice(0, 3),
      );
      expect(
        await idsOf('ada', `scope=mine&cursor=${first.body.nextCursor}`),
      ).toEqual(ids.slice(3));
    });

    it('tell open from ended ones', async () => {
      const { id } = await api.ask();
      expect(await idsOf('ada', 'scope=mine&open=true')).toEqual([id]);
      await api.clock.advance(24 * 3600 * 1000);
      expect(await idsOf('ada', 'scope=mine&open=true')).toEqual([]);
      expect(await idsOf('ada', 'scope=mine&open=false')).toEqual([id]);
    });

    it('are narrowed by words, phases and time', async () => {
      const { id, createdAt } = await api.ask({
        reason: 'Find out why the ledger is stuck.',
      });
      await api.post('ada', `/requests/${id}/cancel`);
      const narrowed = (query: string) => idsOf('olga', `scope=all&${query}`);
      expect(await narrowed('search=Ledger+payments')).toEqual([id]);
      expect(await narrowed('search=ledger+storefront')).toEqual([]);
      expect(await narrowed('phase=Cancelled,Expired')).toEqual([id]);
      expect(await narrowed('phase=Active')).toEqual([]);
      expect(await narrowed(`askedFrom=${createdAt}`)).toEqual([id]);
      expect(await narrowed(`askedBefore=${createdAt}`)).toEqual([]);
    });

    it.each([
      '',
      'scope=other',
      'scope=all&limit=0',
      'scope=all&x=1',
      'scope=all&phase=Asleep',
      'scope=all&phase=',
      'scope=all&askedFrom=yesterday',
      `scope=all&search=${'x'.repeat(201)}`,
    ])('refuse the query "%s"', async query => {
      expect((await api.get('ada', `/requests?${query}`)).status).toBe(400);
    });

    it('are counted for badges', async () => {
      await api.ask();
      expect((await api.get('olga', '/counts')).body).toEqual({
        toDecide: 1,
        mine: 0,
      });
      expect((await api.get('ada', '/counts')).body).toEqual({
        toDecide: 0,
        mine: 1,
      });
      expect((await api.get('guest', '/counts')).body).toEqual({
        toDecide: 0,
        mine: 0,
      });
    });
  });

  describe('an entity', () => {
    const access = async (
      person: 'ada' | 'olga' | 'pia' | 'guest',
      name: string,
    ) =>
      (await api.get(person, `/entities/component/default/${name}/access`))
        .body;

    it('shows before asking what could be had and who would decide', async () => {
      expect(await access('ada', 'payments-api')).toMatchObject({
        targets: [
          { namespace: 'payments', pods: [{ name: 'payments-api-1' }] },
        ],
        approvers: { users: ['user:default/olga', 'user:default/omar'] },
        limits: { defaultDurationSeconds: 3600, approvals: 1 },
        requests: [],
        toDecide: 0,
        mayDecide: false,
      });
      expect(await access('ada', 'payments-api')).not.toHaveProperty('problem');
    });

    it("shows the caller's own requests and how many wait", async () => {
      const { id } = await api.ask();
      expect(await access('ada', 'payments-api')).toMatchObject({
        requests: [{ id, phase: 'Pending' }],
      });
      expect(await access('olga', 'payments-api')).toMatchObject({
        requests: [],
        toDecide: 1,
        mayDecide: true,
      });
    });

    it.each([
      ['ada', false],
      ['olga', true],
      ['pia', true],
    ] as const)(
      'tells %s whether the requests of others can be seen: %s',
      async (person, maySeeOthers) => {
        expect(await access(person, 'payments-api')).toMatchObject({
          maySeeOthers,
          mayDecide: person === 'olga',
        });
      },
    );

    it('leaves its owner out of those who could approve', async () => {
      const { approvers } = await access('olga', 'payments-api');
      expect(approvers.users).toEqual(['user:default/omar']);
    });

    it.each([
      ['sneaky', 'no-consent'],
      ['storefront-web', undefined],
    ])('%s has the problem %s in its target', async (name, code) => {
      const { targets } = await access('ada', name);
      expect(targets[0].problem?.code).toBe(code);
    });

    it('without an owner has nobody who could approve', async () => {
      expect((await access('ada', 'orphan')).problem.code).toBe('no-owner');
    });

    it('tells a guest that it is not for them, and no names of pods', async () => {
      expect(await access('guest', 'payments-api')).toMatchObject({
        problem: { code: 'not-permitted' },
        targets: [{ pods: [] }],
      });
    });

    it('that the caller cannot see does not exist', async () => {
      const response = await api.get(
        'ada',
        '/entities/component/default/nothing/access',
      );
      expect(response.status).toBe(404);
    });
  });
});
