import { createPermissionResourceRef } from '@backstage/plugin-permission-node';
import { RESOURCE_TYPE_ACCESS_REQUEST } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/**
 * What permission rules get to see of an access request.
 * @public
 */
export interface AccessRequestFacts {
  id: string;
  /** Entity ref of the user who asked. */
  requester: string;
  /** The entity whose pods were asked for. */
  entityRef: string;
  /** Entity refs of the owners, and of the users among them, who could decide when it was asked. */
  approvers: { owners: string[]; users: string[] };
}

/**
 * Conditions on access requests in a form that a database can be asked with: one of the values.
 * @public
 */
export interface AccessRequestFilter {
  key: 'requester' | 'approver';
  values: string[];
}

/**
 * Identifies access requests to the permission framework.
 * @public
 */
export const accessRequestResourceRef = createPermissionResourceRef<
  AccessRequestFacts,
  AccessRequestFilter
>().with({
  pluginId: 'kubernetes-access',
  resourceType: RESOURCE_TYPE_ACCESS_REQUEST,
});
