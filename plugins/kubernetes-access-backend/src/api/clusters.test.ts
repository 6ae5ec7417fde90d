import { TestApi } from '../testUtils/TestApi';

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';

describe('the list of clusters', () => {
  let api: TestApi;

  beforeEach(async () => {
    api = await TestApi.start();
  });

  afterEach(async () => {
    await api.stop();
  });

  it.each(['ada', 'olga', 'kim', 'sam', 'guest'] as const)(
    'does not exist for %s, who is no admin',
    async person => {
      expect((await api.get(person, '/clusters')).status).toBe(404);
      expect((await api.get(person, '/counts')).body).not.toHaveProperty(
        'clusterAlarms',
      );
    },
  );

  it('tells an admin how each of them is, and counts those that cannot be used', async () => {
    expect((await api.get('pia', '/clusters')).body.items).toMatchObject([
      {
        name: 'demo',
        title: 'Demo cluster',
        state: 'ready',
        leader: { isThisReplica: true },
        grants: { active: 0, toMake: 0, toRemove: 0, behindSeconds: 0 },
      },
    ]);
    expect((await api.get('pia', '/counts')).body.clusterAlarms).toBe(0);
    api.isClusterReady = false;
    expect((await api.get('pia', '/clusters')).body.items).toMatchObject([
      { state: 'unreachable' },
    ]);
    expect((await api.get('pia', '/counts')).body.clusterAlarms).toBe(1);
  });

  it('tells how far the cluster is behind the record', async () => {
    const asked = await api.ask();
    await api.approve('olga', asked);
    await api.clock.advance(90_000);
    const [behind] = (await api.get('pia', '/clusters')).body.items;
    expect(behind.grants).toEqual({
      active: 0,
      toMake: 1,
      toRemove: 0,
      behindSeconds: 90,
    });
    await api.grant(asked.id);
    const [caughtUp] = (await api.get('pia', '/clusters')).body.items;
    expect(caughtUp.grants).toMatchObject({ active: 1, behindSeconds: 0 });
  });

  it('names the rights that are missing where pods are', async () => {
    await api.ask();
    jest.spyOn(api.cluster, 'create').mockImplementation(async path =>
      path === REVIEWS
        ? ({
            status: {
              resourceRules: [
                { verbs: ['*'], apiGroups: ['*'], resources: ['pods'] },
              ],
            },
          } as never)
        : (undefined as never),
    );
    const [{ rights }] = (await api.get('pia', '/clusters')).body.items;
    expect(rights.held).toBe(3);
    expect(rights.missing).toContain('create pods/exec in payments');
    expect(rights.missing).toContain('watch accessrequests');
    expect(rights.missing).not.toContain('list pods in payments');
    expect(rights.namespaces).toEqual(['kubernetes-access-grants', 'payments']);
  });
});
