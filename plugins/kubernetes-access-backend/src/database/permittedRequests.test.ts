import type {
  PermissionCondition,
  PermissionCriteria,
} from '@backstage/plugin-permission-common';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  createConditionAuthorizer,
  createConditionTransformer,
} from '@backstage/plugin-permission-node';
import {
  accessRequestRules,
  kubernetesAccessConditions as conditions,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-node';
import fc from 'fast-check';
import { factsOf } from '../permissions/factsOf';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { ENGINES } from '../testUtils/engines';
import { ManualClock } from '../testUtils/ManualClock';
import { anApproval, aNewRequest } from '../testUtils/requests';
import type { RequestCriteria } from './permittedRequests';
import type { NewRequest, RecordEntryInput, StoredRequest } from './types';

type Criteria = PermissionCriteria<PermissionCondition>;

const RULES = Object.values(accessRequestRules);
const holds = createConditionAuthorizer(RULES);
const toCriteria = createConditionTransformer(RULES);

const HOUR = 3600;

/** Some that differ in everything that rules look at. */
const REQUESTS: Array<Parameters<typeof aNewRequest>[0]> = [
  {},
  { terms: { requester: 'user:default/sam', durationSeconds: 4 * HOUR } },
  { clusterName: 'production', terms: { requester: 'user:default/kim' } },
  {
    clusterName: 'production',
    terms: {
      requester: 'user:default/zoe',
      durationSeconds: 8 * HOUR,
      targets: [
        { namespace: 'payments', podSelector: 'a=b' },
        { namespace: 'storefront', podSelector: 'a=b' },
      ],
    },
  },
  {
    terms: {
      requester: 'user:default/pia',
      targets: [{ namespace: 'storefront', podSelector: 'a=b' }],
    },
    approvers: {
      owners: ['group:default/storefront', 'user:default/olga'],
      users: ['user:default/olga'],
    },
  },
];

const approval = (request: StoredRequest) =>
  anApproval(request, 'user:default/omar');

const denial = (request: StoredRequest): RecordEntryInput => ({
  ...approval(request),
  verdict: 'deny',
});

const start = (_: StoredRequest, now: Date): RecordEntryInput => ({
  kind: 'started',
  actor: 'system',
  startsAt: now.toISOString(),
  expiresAt: new Date(now.getTime() + HOUR * 1000).toISOString(),
});

const end = (): RecordEntryInput => ({
  kind: 'ended',
  actor: 'user:default/omar',
  reason: 'revoked',
});

const claims = fc.subarray([
  'user:default/ada',
  'user:default/sam',
  'user:default/olga',
  'user:default/omar',
  'group:default/payments',
  'group:default/storefront',
]);

const aCondition: fc.Arbitrary<Criteria> = fc.oneof(
  claims.map(refs => conditions.isRequester({ claims: refs })),
  claims.map(refs => conditions.isApprover({ claims: refs })),
  claims.map(refs => conditions.isTargetOwner({ claims: refs })),
  fc
    .subarray(['demo', 'production'])
    .map(clusters => conditions.hasCluster({ clusters })),
  fc
    .subarray(['payments', 'storefront', "o'brien"])
    .map(namespaces => conditions.inNamespace({ namespaces })),
  fc
    .subarray(['Pending', 'Approved', 'Active', 'Denied', 'Expired', 'Revoked'])
    .map(phases =>
      conditions.hasPhase({
        phases: phases as Array<'Pending' | 'Active' | 'Expired'>,
      }),
    ),
  fc
    .constantFrom(0, HOUR - 1, HOUR, 4 * HOUR, 1e9, 0.5)
    .map(seconds => conditions.maxDuration({ seconds })),
);

const { criteria: someCriteria } = fc.letrec<{ criteria: Criteria }>(tie => ({
  criteria: fc.oneof(
    { maxDepth: 3 },
    aCondition,
    tie('criteria').map(not => ({ not })),
    fc
      .array(tie('criteria'), { minLength: 1, maxLength: 3 })
      .map(([first, ...rest]) => ({ allOf: [first, ...rest] } as Criteria)),
    fc
      .array(tie('criteria'), { minLength: 1, maxLength: 3 })
      .map(([first, ...rest]) => ({ anyOf: [first, ...rest] } as Criteria)),
  ),
}));

describe.each(ENGINES)('what a policy leaves of requests on %s', engine => {
  const clock = new ManualClock();
  let stores: TestStores;
  let requests: StoredRequest[];

  beforeAll(async () => {
    stores = await openTestStores({ clock, engine });
    for (const request of REQUESTS) {
      const pending = await create(aNewRequest(request));
      const like = likeThat(pending);
      await create(like('approved'), approval);
      await create(like('active'), approval, start);
      await create(like('denied'), denial);
      await create(like('revoked'), approval, start, end);
      // Nobody comes to this one before its time is up, which is in a minute.
      await create({ ...like('late'), pendingSeconds: 30 });
    }
    await clock.advance(60_000);
    const { items } = await stores.requests.list({ limit: 100 });
    requests = items;
  });
  afterAll(() => stores.close());

  it('is what the rules say of each of them, whatever they are joined by', async () => {
    const now = await stores.requests.now();
    await fc.assert(
      fc.asyncProperty(someCriteria, async criteria => {
        const decision = {
          result: AuthorizeResult.CONDITIONAL,
          pluginId: 'kubernetes-access',
          resourceType: 'kubernetes-access-request',
          conditions: criteria,
        } as const;
        const expected = requests.filter(request =>
          holds(decision, factsOf(request, now)),
        );
        const { items } = await stores.requests.list({
          permitted: toCriteria(criteria) as RequestCriteria,
          limit: 100,
        });
        expect(idsOf(items)).toEqual(idsOf(expected));
      }),
      { numRuns: 150 },
    );
  });

  it('fills a page with what is left, however much is not', async () => {
    const permitted = toCriteria(
      conditions.hasCluster({ clusters: ['production'] }),
    ) as RequestCriteria;
    const page = await stores.requests.list({ permitted, limit: 5 });
    expect(page.items.map(({ clusterName }) => clusterName)).toEqual(
      Array(5).fill('production'),
    );
    expect(page.nextCursor).toBeDefined();
  });

  async function create(
    request: NewRequest,
    ...steps: Array<(request: StoredRequest, now: Date) => RecordEntryInput>
  ): Promise<StoredRequest> {
    let stored = await stores.requests.create(request);
    for (const step of steps) {
      stored = await stores.requests.change(stored.id, (current, now) => {
        const entry = step(current, now);
        return {
          entries: [entry],
          ...(entry.kind === 'started'
            ? { observed: { grantedAt: now.toISOString() } }
            : {}),
        };
      });
    }
    return stored;
  }
});

/** As the request, by the same person for other pods. */
function likeThat({ terms, clusterName, approvers }: StoredRequest) {
  return (name: string) =>
    aNewRequest({
      clusterName,
      approvers,
      terms: {
        ...terms,
        targets: terms.targets.map(target => ({
          ...target,
          podSelector: `app=${name}`,
        })),
      },
    });
}

function idsOf(requests: StoredRequest[]): string[] {
  return requests.map(({ id }) => id).sort();
}
