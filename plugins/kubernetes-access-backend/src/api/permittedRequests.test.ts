import type {
  PermissionCondition,
  PermissionCriteria,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { kubernetesAccessConditions as conditions } from '@kubernetes-access/backstage-plugin-kubernetes-access-node';
import { conditionalPolicyOf } from '../testUtils/policies';
import { anAsk, TestApi } from '../testUtils/TestApi';

const READ = 'kubernetes-access.request.read';
const APPROVE = 'kubernetes-access.request.approve';
const OPEN = 'kubernetes-access.session.open';

const ALLOW: PolicyDecision = { result: AuthorizeResult.ALLOW };
const DENY: PolicyDecision = { result: AuthorizeResult.DENY };
const HALF_AN_HOUR = conditions.maxDuration({ seconds: 1800 });

const when = (
  criteria: PermissionCriteria<PermissionCondition>,
): PolicyDecision => ({
  result: AuthorizeResult.CONDITIONAL,
  pluginId: 'kubernetes-access',
  resourceType: 'kubernetes-access-request',
  conditions: criteria,
});

describe('requests under a permission policy with conditions', () => {
  let api: TestApi;
  /** What the policy says to each permission; what is not named is allowed. */
  let policy: Record<string, PolicyDecision>;

  beforeEach(async () => {
    policy = {};
    api = await TestApi.start({
      permissions: conditionalPolicyOf(
        ({ permission }) => policy[permission] ?? ALLOW,
        () => api.stores.requests,
      ),
    });
  });
  afterEach(() => api.stop());

  /** Ada asks for half an hour, Sam for two. */
  async function shortAndLong(): Promise<[short: string, long: string]> {
    const short = await api.ask();
    const long = await api.ask({ durationSeconds: 7200 }, 'sam');
    return [short.id, long.id];
  }

  async function listed(person: 'ada' | 'sam' | 'olga' | 'zoe', scope = 'all') {
    const { body } = await api.get(person, `/requests?scope=${scope}`);
    return body.items.map(({ id }: { id: string }) => id).sort();
  }

  it('are all listed when it allows everything', async () => {
    const both = await shortAndLong();
    expect(await listed('olga')).toEqual([...both].sort());
    expect(await listed('olga', 'to-decide')).toEqual([...both].sort());
  });

  it('are not listed when it denies reading', async () => {
    await shortAndLong();
    policy = { [READ]: DENY };
    expect(await listed('olga')).toEqual([]);
    expect(await listed('ada', 'mine')).toEqual([]);
  });

  it.each([
    ['a condition', HALF_AN_HOUR],
    ['not', { not: { not: HALF_AN_HOUR } }],
    [
      'anyOf',
      { anyOf: [HALF_AN_HOUR, conditions.hasCluster({ clusters: ['other'] })] },
    ],
    [
      'allOf',
      { allOf: [HALF_AN_HOUR, conditions.hasPhase({ phases: ['Pending'] })] },
    ],
  ] as Array<[string, PermissionCriteria<PermissionCondition>]>)(
    'are listed, counted and read alike by %s',
    async (_, criteria) => {
      const [short, long] = await shortAndLong();
      policy = { [READ]: when(criteria) };
      expect(await listed('olga')).toEqual([short]);
      const counts = await api.get('olga', '/counts');
      expect(counts.body).toMatchObject({ toDecide: 1 });
      expect((await api.get('olga', `/requests/${short}`)).status).toBe(200);
      expect((await api.get('olga', `/requests/${long}`)).status).toBe(404);
      expect((await api.get('sam', `/requests/${long}`)).status).toBe(404);
    },
  );

  it('wait for nobody whom it does not let decide', async () => {
    const [short, long] = await shortAndLong();
    policy = { [APPROVE]: when(HALF_AN_HOUR) };
    expect(await listed('olga')).toEqual([short, long].sort());
    expect(await listed('olga', 'to-decide')).toEqual([short]);
    const { body } = await api.get('olga', `/requests/${long}`);
    expect(body.actions).toMatchObject({ decide: false, revoke: true });
    expect((await api.approve('olga', body)).status).toBe(403);
  });

  it('are shown to nobody by a condition that the floor hides them from', async () => {
    const [short] = await shortAndLong();
    policy = { [READ]: when(HALF_AN_HOUR), [APPROVE]: when(HALF_AN_HOUR) };
    expect(await listed('zoe')).toEqual([]);
    expect(await listed('zoe', 'to-decide')).toEqual([]);
    expect((await api.get('zoe', `/requests/${short}`)).status).toBe(404);
  });

  it('are listed by where they stand now, also when nobody noticed', async () => {
    const { id } = await api.ask();
    policy = { [READ]: when(conditions.hasPhase({ phases: ['Expired'] })) };
    expect(await listed('olga')).toEqual([]);
    await api.clock.advance(25 * 3600 * 1000);
    expect(await listed('olga')).toEqual([id]);
    expect((await api.get('olga', `/requests/${id}`)).status).toBe(200);
  });

  it('are not made when nobody could use what they ask for', async () => {
    policy = { [OPEN]: when(HALF_AN_HOUR) };
    const long = await api.post(
      'ada',
      '/requests',
      anAsk({ durationSeconds: 7200 }),
    );
    expect(long.status).toBe(403);
    expect(long.body.error.message).toMatch(/would not let you use this/);
    await expect(api.ask()).resolves.toMatchObject({ phase: 'Pending' });
  });
});
