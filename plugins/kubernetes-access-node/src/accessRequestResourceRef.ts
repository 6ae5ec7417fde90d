import { createPermissionResourceRef } from '@backstage/plugin-permission-node';
import type { AccessRequestPhase } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
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
  /** The cluster's name when it was asked. */
  cluster: string;
  /** The namespaces of the pods. */
  namespaces: string[];
  /** How long the access lasts, from its start. */
  durationSeconds: number;
  /** Where the request stands now. */
  phase: AccessRequestPhase;
  /** Entity refs of the owners, and of the users among them, who could decide when it was asked. */
  approvers: { owners: string[]; users: string[] };
}

/**
 * Conditions on access requests in a form that a database can be asked with: one of the values, or at most so long.
 * A request is in the namespaces when all of its pods are.
 * @public
 */
export type AccessRequestFilter =
  | {
      key:
        | 'requester'
        | 'approver'
        | 'owner'
        | 'cluster'
        | 'namespace'
        | 'phase';
      values: string[];
    }
  | { key: 'duration'; maxSeconds: number };

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
