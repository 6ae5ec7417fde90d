import {
  AuthorizeResult,
  isPermission,
  type PermissionCondition,
  type PermissionCriteria,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import {
  requestApprovePermission,
  sessionOpenPermission,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  createKubernetesAccessConditionalDecision,
  kubernetesAccessConditions as access,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-node';

type Conditions = PermissionCriteria<
  PermissionCondition<'kubernetes-access-request'>
>;

const CONTRACTORS = 'group:default/contractors';

/** Production for an hour at most; everything else for as long as the configuration allows. */
const shortInProduction: Conditions = {
  anyOf: [
    { not: access.hasCluster({ clusters: ['production'] }) },
    access.maxDuration({ seconds: 3600 }),
  ],
};

/** Two namespaces outside of production, for half an hour at most. */
const forContractors: Conditions = {
  allOf: [
    { not: access.hasCluster({ clusters: ['production'] }) },
    access.inNamespace({ namespaces: ['storefront', 'storefront-jobs'] }),
    access.maxDuration({ seconds: 1800 }),
  ],
};

/**
 * Nobody opens a shell in production under a request for more than an hour, nor approves one, and contractors only
 * work where they are let. Whoever could not use what they ask for is told so when they ask.
 */
export class ShortAccessPolicy implements PermissionPolicy {
  async handle(
    { permission }: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    if (isPermission(permission, sessionOpenPermission)) {
      return createKubernetesAccessConditionalDecision(
        permission,
        isContractor(user) ? forContractors : shortInProduction,
      );
    }
    if (isPermission(permission, requestApprovePermission)) {
      return createKubernetesAccessConditionalDecision(
        permission,
        shortInProduction,
      );
    }
    return { result: AuthorizeResult.ALLOW };
  }
}

function isContractor(user?: PolicyQueryUser): boolean {
  return user?.info.ownershipEntityRefs.includes(CONTRACTORS) ?? true;
}
