import { mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { aGroup, aUser, demoCatalog } from '../testUtils/catalog';
import type { Person, TestApiOptions } from '../testUtils/TestApi';
import { TestApi } from '../testUtils/TestApi';

describe('deciding', () => {
  let api: TestApi;

  async function start(options?: TestApiOptions) {
    await api?.stop();
    api = await TestApi.start(options);
  }

  beforeEach(async () => {
    await start();
  });

  afterEach(async () => {
    await api.stop();
  });

  /** Replaces what the catalog says of a name. */
  function catalogSays(...entities: ReturnType<typeof aUser>[]) {
    for (const entity of entities) {
      const index = api.entities.findIndex(
        ({ kind, metadata }) =>
          kind === entity.kind && metadata.name === entity.metadata.name,
      );
      api.entities.splice(index, 1, entity);
    }
  }

  const deny = (person: Person, id: string, digest: string, comment: string) =>
    api.post(person, `/requests/${id}/deny`, { digest, comment });

  it('by an owner approves', async () => {
    const asked = await api.ask();
    const { body } = await api.approve('olga', asked);
    expect(body).toMatchObject({
      phase: 'Approved',
      decisions: [{ actor: 'user:default/olga', verdict: 'approve' }],
    });
    expect(await api.stores.audit.read(asked.id)).toMatchObject([
      { eventId: 'request-create' },
      { eventId: 'request-decide', actor: 'user:default/olga' },
    ]);
  });

  it('by an owner denies, with a comment', async () => {
    const { id, digest } = await api.ask();
    expect((await deny('olga', id, digest, '  ')).status).toBe(400);
    const { body } = await deny('olga', id, digest, 'Use staging.');
    expect(body).toMatchObject({
      phase: 'Denied',
      endReason: 'denied',
      endComment: 'Use staging.',
    });
  });

  it.each(['pia', 'kim'] as const)(
    'is not for %s, who sees everything and owns nothing here',
    async person => {
      const response = await api.approve(person, await api.ask());
      expect(response.status).toBe(403);
    },
  );

  it('is not for the requester, even an owner', async () => {
    const asked = await api.ask({}, 'olga');
    const response = await api.approve('olga', asked);
    expect(response.status).toBe(403);
    expect(response.body.error.message).toMatch(/own request/);
    expect((await api.approve('omar', asked)).body.phase).toBe('Approved');
  });

  it('is bound to what was seen', async () => {
    const asked = await api.ask();
    const response = await api.approve('olga', {
      ...asked,
      digest: 'sha256:0',
    });
    expect(response.status).toBe(409);
    expect((await api.get('ada', `/requests/${asked.id}`)).body.phase).toBe(
      'Pending',
    );
  });

  it('comes too late after somebody else, and says who it was', async () => {
    const asked = await api.ask();
    await api.approve('omar', asked);
    const response = await deny('olga', asked.id, asked.digest, 'No.');
    expect(response.status).toBe(409);
    expect(response.body.error.message).toMatch(/approved, by omar/);
  });

  it('comes too late when the time is up', async () => {
    const asked = await api.ask();
    await api.clock.advance(24 * 3600 * 1000);
    const response = await api.approve('olga', asked);
    expect(response.status).toBe(409);
  });

  it('happens once when two do it in the same moment', async () => {
    const asked = await api.ask();
    const statuses = (
      await Promise.all([
        api.approve('olga', asked),
        api.approve('omar', asked),
      ])
    ).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409]);
  });

  it('is not for who left the owners since', async () => {
    const asked = await api.ask();
    catalogSays(aUser('olga'), aGroup('payments', { members: ['omar'] }));
    // Who neither owns nor has decided does not even see it.
    expect((await api.approve('olga', asked)).status).toBe(404);
  });

  it('is not for whom only an old sign-in still calls an owner', async () => {
    const asked = await api.ask();
    catalogSays(aGroup('payments', { members: ['omar'] }));
    const response = await api.approve('olga', asked);
    expect(response.status).toBe(403);
    expect(response.body.error.message).toMatch(/omar can/);
  });

  it('is not for who joined the owners since', async () => {
    const asked = await api.ask();
    catalogSays(
      aUser('sam', 'payments'),
      aGroup('payments', { members: ['olga', 'omar', 'sam'] }),
    );
    const response = await api.approve('sam', asked);
    expect(response.status).toBe(403);
    expect(response.body.error.message).toMatch(/when this was asked/);
  });

  it('is for members of groups below the owner, and ends in a circle of groups', async () => {
    await start({
      entities: [
        ...demoCatalog().filter(({ metadata }) => metadata.name !== 'payments'),
        aUser('oscar', 'payments-backend'),
        aGroup('payments', {
          members: ['olga', 'omar'],
          children: ['payments-backend'],
          parents: ['payments-backend'],
        }),
        aGroup('payments-backend', {
          members: ['oscar'],
          parents: ['payments'],
          children: ['payments'],
        }),
      ],
    });
    const asked = await api.ask();
    expect(asked.approvers.users).toContain('user:default/oscar');
    const { body } = await api.approve('oscar' as Person, asked);
    expect(body.phase).toBe('Approved');
  });

  it('needs the consent of the namespace still', async () => {
    const asked = await api.ask();
    api.putNamespace('payments', 'group:default/platform');
    const response = await api.approve('olga', asked);
    expect(response.status).toBe(403);
  });

  it('no longer counts the owner whom the namespace does not name', async () => {
    const asked = await api.ask();
    api.putNamespace('payments', 'group:default/storefront');
    expect((await api.approve('olga', asked)).status).toBe(403);
  });

  it('to deny needs no cluster, to approve does', async () => {
    const { id, digest } = await api.ask();
    api.isClusterReady = false;
    expect((await api.approve('olga', { id, digest })).status).toBe(503);
    expect((await deny('olga', id, digest, 'No.')).body.phase).toBe('Denied');
  });

  it('falls to the fallback approvers where the requester is the only owner', async () => {
    await start({
      options: { fallbackApprovers: ['group:default/platform'] },
      entities: [
        ...demoCatalog().filter(({ metadata }) => metadata.name !== 'payments'),
        aGroup('payments', { members: ['olga'] }),
      ],
    });
    const asked = await api.ask({}, 'olga');
    expect(asked.approvers.users).toEqual(['user:default/pia']);
    expect((await api.approve('pia', asked)).body.phase).toBe('Approved');
  });

  it('is refused to fallback approvers where owners can', async () => {
    await start({ options: { fallbackApprovers: ['group:default/audit'] } });
    expect((await api.approve('kim', await api.ask())).status).toBe(403);
  });

  it('takes as many approvals as the policy demands', async () => {
    const { options } = twoApprovals();
    await start({ options });
    const asked = await api.ask();
    expect((await api.approve('olga', asked)).body.phase).toBe('Pending');
    expect((await api.approve('olga', asked)).status).toBe(409);
    expect((await api.approve('omar', asked)).body.phase).toBe('Approved');
  });

  it('does not count an approval of who left the owners before the last one', async () => {
    await start(twoApprovals());
    const asked = await api.ask();
    await api.approve('olga', asked);
    catalogSays(aUser('olga'), aGroup('payments', { members: ['omar'] }));
    const response = await api.approve('omar', asked);
    expect(response.status).toBe(409);
    expect(response.body.error.message).toMatch(/olga/);
  });

  it('is refused where the permission policy says so, though the floor allows it', async () => {
    const denyAll = mockServices.permissions({ result: AuthorizeResult.DENY });
    const allowAll = mockServices.permissions();
    await start({
      permissions: {
        ...allowAll,
        authorize: async (requests, options) =>
          Promise.all(
            requests.map(async one => {
              const policy = one.permission.name.endsWith('approve')
                ? denyAll
                : allowAll;
              return (await policy.authorize([one], options))[0];
            }),
          ),
        authorizeConditional: allowAll.authorizeConditional.bind(allowAll),
      },
    });
    const asked = await api.ask();
    const seen = await api.get('olga', `/requests/${asked.id}`);
    expect(seen.body.actions.decide).toBe(false);
    expect((await api.approve('olga', asked)).status).toBe(403);
  });

  it('puts a refused decision on the record of the request', async () => {
    const asked = await api.ask();
    await api.approve('pia', asked);
    expect((await api.stores.audit.read(asked.id)).at(-1)).toMatchObject({
      eventId: 'access-refused',
      actor: 'user:default/pia',
      outcome: 'refused',
      meta: { action: 'request-decide', reason: 'not-an-approver' },
    });
    expect(await api.stores.archive.verify({ chain: asked.id })).toMatchObject({
      sound: true,
    });
  });
});

function twoApprovals(): TestApiOptions {
  return {
    options: {
      defaults: {
        minDurationSeconds: 600,
        maxDurationSeconds: 28_800,
        defaultDurationSeconds: 3600,
        minReasonLength: 10,
        maxReasonLength: 1000,
        approvals: 2,
        pendingSeconds: 86_400,
      },
    },
  };
}
