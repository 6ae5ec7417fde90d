import { rulesReviewPath } from './paths';
import type { ClusterConnection, KubeObject } from './types';

/** What a role lets its holder do, as Kubernetes lists it. */
export interface ResourceRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
}

interface Right {
  verb: string;
  apiGroup: string;
  resource: string;
}

/** Which of the rights that it needs the back end has in a cluster. */
export interface RightsReview {
  held: number;
  /** As `create pods/exec in payments`. */
  missing: string[];
  namespaces: string[];
}

/** What the chart gives the back end everywhere, in the namespace of the grants, and in those of the targets. */
const NEEDED = {
  anywhere: [
    ...rights('kubernetes-access.io', 'accessrequests', [
      'get',
      'list',
      'watch',
      'create',
      'patch',
      'delete',
    ]),
    ...rights('kubernetes-access.io', 'accessrequests/status', ['patch']),
  ],
  grants: [
    ...rights('', 'serviceaccounts', [
      'get',
      'list',
      'watch',
      'create',
      'delete',
    ]),
    ...rights('', 'serviceaccounts/token', ['create']),
    ...rights('coordination.k8s.io', 'leases', ['get', 'create', 'update']),
  ],
  target: [
    ...rights('rbac.authorization.k8s.io', 'roles', [
      'get',
      'list',
      'watch',
      'create',
      'update',
      'delete',
    ]),
    ...rights('rbac.authorization.k8s.io', 'rolebindings', [
      'get',
      'list',
      'watch',
      'create',
      'delete',
    ]),
    ...rights('', 'pods', ['get', 'list', 'watch']),
    ...rights('', 'pods/exec', ['get', 'create']),
    ...rights('', 'pods/log', ['get']),
  ],
} as const;

const TIMEOUT_MS = 5_000;

/**
 * Asks a cluster what the back end may do there.
 *
 * @param targets - the namespaces of pods
 * @throws KubeConnectionError, or KubeApiError when the cluster does not say
 */
export async function reviewRights(
  { client, grantNamespace }: ClusterConnection,
  targets: string[],
): Promise<RightsReview> {
  const rulesIn = async (namespace: string): Promise<ResourceRule[]> => {
    const review = await client.create<
      KubeObject & { status?: { resourceRules?: ResourceRule[] } }
    >(
      rulesReviewPath(),
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectRulesReview',
        spec: { namespace },
      },
      { timeoutMs: TIMEOUT_MS },
    );
    return review.status?.resourceRules ?? [];
  };
  const inGrants = await rulesIn(grantNamespace);
  const found = [
    judge(NEEDED.anywhere, inGrants),
    judge(NEEDED.grants, inGrants, grantNamespace),
    ...(await Promise.all(
      targets.map(async namespace =>
        judge(NEEDED.target, await rulesIn(namespace), namespace),
      ),
    )),
  ];
  return {
    held: found.reduce((sum, { held }) => sum + held, 0),
    missing: found.flatMap(({ missing }) => missing),
    namespaces: [grantNamespace, ...targets],
  };
}

/** Which of the needed rights the rules give for objects of any name. */
function judge(
  needed: readonly Right[],
  rules: ResourceRule[],
  namespace?: string,
): { held: number; missing: string[] } {
  const missing = needed.filter(
    right => !rules.some(rule => gives(rule, right)),
  );
  return {
    held: needed.length - missing.length,
    missing: missing.map(
      ({ verb, resource }) =>
        `${verb} ${resource}${namespace ? ` in ${namespace}` : ''}`,
    ),
  };
}

function gives(rule: ResourceRule, { verb, apiGroup, resource }: Right) {
  return (
    !rule.resourceNames?.length &&
    holds(rule.verbs, verb) &&
    holds(rule.apiGroups, apiGroup) &&
    holds(rule.resources, resource)
  );
}

function holds(values: string[] = [], value: string): boolean {
  return values.includes('*') || values.includes(value);
}

function rights(apiGroup: string, resource: string, verbs: string[]): Right[] {
  return verbs.map(verb => ({ verb, apiGroup, resource }));
}
