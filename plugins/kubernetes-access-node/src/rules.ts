import { createPermissionRule } from '@backstage/plugin-permission-node';
import { z } from 'zod';
import { accessRequestResourceRef } from './accessRequestResourceRef';

/**
 * Holds for requests of somebody.
 *
 * @example
 * ```ts
 * accessRequestConditions.isRequester({ claims: [user.userEntityRef] })
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
 * accessRequestConditions.isApprover({ claims: user.ownershipEntityRefs })
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
 * Every rule on access requests.
 * @public
 */
export const accessRequestRules = { isRequester, isApprover };
