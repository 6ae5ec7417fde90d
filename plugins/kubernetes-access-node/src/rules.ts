import { createPermissionRule } from '@backstage/plugin-permission-node';
import { z } from 'zod';
import { accessRequestResourceRef } from './accessRequestResourceRef';

/**
 * Holds for requests of somebody.
 *
 * @example
 * ```ts
 * kubernetesAccessConditions.isRequester({ claims: [user.userEntityRef] })
 * ```
 * @public
 */
export const isRequester = createPermissionRule({
  name: 'IS_REQUESTER',
  description: 'Allow access requests that one of the claims has asked for',
  resourceRef: accessRequestResourceRef,
  paramsSchema: z.object({
    claims: z
      .array(z.string())
      .describe('Entity refs, one of which must be the requester'),
  }),
  apply: (request, { claims }) => claims.includes(request.requester),
  toQuery: ({ claims }) => ({ key: 'requester', values: claims }),
});

/**
 * Holds for requests that somebody could decide on when they were asked for.
 *
 * @example
 * ```ts
 * kubernetesAccessConditions.isApprover({ claims: user.ownershipEntityRefs })
 * ```
 * @public
 */
export const isApprover = createPermissionRule({
  name: 'IS_APPROVER',
  description:
    'Allow access requests that one of the claims, a user or an owning group, can decide on',
  resourceRef: accessRequestResourceRef,
  paramsSchema: z.object({
    claims: z
      .array(z.string())
      .describe('Entity refs, one of which must be an approver'),
  }),
  apply: ({ approvers }, { claims }) =>
    [...approvers.owners, ...approvers.users].some(ref => claims.includes(ref)),
  toQuery: ({ claims }) => ({ key: 'approver', values: claims }),
});

/**
 * Holds for requests for what somebody owns: the owners that catalog and namespace agree on, and the fallback approvers
 * where they stand in for them. Unlike {@link isApprover} it does not look at who was found to be in the groups.
 *
 * @example
 * ```ts
 * kubernetesAccessConditions.isTargetOwner({ claims: user.info.ownershipEntityRefs })
 * ```
 * @public
 */
export const isTargetOwner = createPermissionRule({
  name: 'IS_TARGET_OWNER',
  description: 'Allow access requests for pods that one of the claims owns',
  resourceRef: accessRequestResourceRef,
  paramsSchema: z.object({
    claims: z
      .array(z.string())
      .describe('Entity refs, one of which must be an owner of the pods'),
  }),
  apply: ({ approvers }, { claims }) =>
    approvers.owners.some(ref => claims.includes(ref)),
  toQuery: ({ claims }) => ({ key: 'owner', values: claims }),
});

/**
 * Holds for requests in some clusters.
 *
 * @example
 * ```ts
 * kubernetesAccessConditions.hasCluster({ clusters: ['production'] })
 * ```
 * @public
 */
export const hasCluster = createPermissionRule({
  name: 'HAS_CLUSTER',
  description: 'Allow access requests in one of the clusters',
  resourceRef: accessRequestResourceRef,
  paramsSchema: z.object({
    clusters: z
      .array(z.string())
      .describe('Names of clusters, as in kubernetesAccess.clusters'),
  }),
  apply: ({ cluster }, { clusters }) => clusters.includes(cluster),
  toQuery: ({ clusters }) => ({ key: 'cluster', values: clusters }),
});

/**
 * Holds for requests all of whose pods are in some namespaces, in whichever cluster.
 *
 * @example
 * ```ts
 * kubernetesAccessConditions.inNamespace({ namespaces: ['payments'] })
 * ```
 * @public
 */
export const inNamespace = createPermissionRule({
  name: 'IN_NAMESPACE',
  description: 'Allow access requests whose pods are all in the namespaces',
  resourceRef: accessRequestResourceRef,
  paramsSchema: z.object({
    namespaces: z.array(z.string()).describe('Names of namespaces'),
  }),
  apply: (request, { namespaces }) =>
    namespaces.length > 0 &&
    request.namespaces.every(name => namespaces.includes(name)),
  toQuery: ({ namespaces }) => ({ key: 'namespace', values: namespaces }),
});

/**
 * Holds for requests that stand somewhere now.
 *
 * @example
 * ```ts
 * kubernetesAccessConditions.hasPhase({ phases: ['Pending', 'Approved', 'Active'] })
 * ```
 * @public
 */
export const hasPhase = createPermissionRule({
  name: 'HAS_PHASE',
  description: 'Allow access requests that are in one of the phases now',
  resourceRef: accessRequestResourceRef,
  paramsSchema: z.object({
    phases: z
      .array(
        z.enum([
          'Pending',
          'Approved',
          'Active',
          'Denied',
          'Expired',
          'Revoked',
          'Cancelled',
          'Failed',
        ]),
      )
      .describe('Phases'),
  }),
  apply: ({ phase }, { phases }) => phases.includes(phase),
  toQuery: ({ phases }) => ({ key: 'phase', values: phases }),
});

/**
 * Holds for requests for no longer than so many seconds.
 *
 * @example
 * ```ts
 * kubernetesAccessConditions.maxDuration({ seconds: 3600 })
 * ```
 * @public
 */
export const maxDuration = createPermissionRule({
  name: 'MAX_DURATION',
  description: 'Allow access requests that last at most so long',
  resourceRef: accessRequestResourceRef,
  paramsSchema: z.object({
    seconds: z.number().describe('The longest duration, in seconds'),
  }),
  apply: ({ durationSeconds }, { seconds }) => durationSeconds <= seconds,
  toQuery: ({ seconds }) => ({ key: 'duration', maxSeconds: seconds }),
});

/**
 * Every rule on access requests.
 * @public
 */
export const accessRequestRules = {
  isRequester,
  isApprover,
  isTargetOwner,
  hasCluster,
  inNamespace,
  hasPhase,
  maxDuration,
};
