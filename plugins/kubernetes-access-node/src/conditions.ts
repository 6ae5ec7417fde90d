import { createConditionExports } from '@backstage/plugin-permission-node';
import { accessRequestResourceRef } from './accessRequestResourceRef';
import { accessRequestRules } from './rules';

const exported = createConditionExports({
  resourceRef: accessRequestResourceRef,
  rules: accessRequestRules,
});

/**
 * Conditions on access requests for permission policies.
 * @public
 */
export const kubernetesAccessConditions = exported.conditions;

/**
 * Makes a policy's decision on a permission for access requests depend on conditions.
 *
 * @example
 * ```ts
 * if (isPermission(request.permission, requestApprovePermission)) {
 *   return createKubernetesAccessConditionalDecision(request.permission, {
 *     not: kubernetesAccessConditions.isRequester({ claims: [user.userEntityRef] }),
 *   });
 * }
 * ```
 * @public
 */
export const createKubernetesAccessConditionalDecision =
  exported.createConditionalDecision;
