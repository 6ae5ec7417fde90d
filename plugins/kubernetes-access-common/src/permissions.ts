import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import { createPermission } from '@backstage/plugin-permission-common';

/**
 * The permission resource type of access requests.
 * @public
 */
export const RESOURCE_TYPE_ACCESS_REQUEST = 'kubernetes-access-request';

/**
 * To ask for access to an entity's pods. Its resource is the catalog entity, so that policies can reuse the
 * catalog's conditions such as `isEntityOwner`.
 * @public
 */
export const requestCreatePermission = createPermission({
  name: 'kubernetes-access.request.create',
  attributes: { action: 'create' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * To see a request.
 * @public
 */
export const requestReadPermission = createPermission({
  name: 'kubernetes-access.request.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_ACCESS_REQUEST,
});

/**
 * To approve or deny a request.
 * @public
 */
export const requestApprovePermission = createPermission({
  name: 'kubernetes-access.request.approve',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_ACCESS_REQUEST,
});

/**
 * To end somebody else's request.
 * @public
 */
export const requestRevokePermission = createPermission({
  name: 'kubernetes-access.request.revoke',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_ACCESS_REQUEST,
});

/**
 * To open a session under a request of one's own.
 * @public
 */
export const sessionOpenPermission = createPermission({
  name: 'kubernetes-access.session.open',
  attributes: {},
  resourceType: RESOURCE_TYPE_ACCESS_REQUEST,
});

/**
 * To play what was recorded of the sessions of a request.
 * @public
 */
export const recordingReadPermission = createPermission({
  name: 'kubernetes-access.recording.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_ACCESS_REQUEST,
});

/**
 * To read and verify the audit trail.
 * @public
 */
export const auditReadPermission = createPermission({
  name: 'kubernetes-access.audit.read',
  attributes: { action: 'read' },
});

/**
 * To see how the clusters are.
 * @public
 */
export const adminPermission = createPermission({
  name: 'kubernetes-access.admin',
  attributes: { action: 'read' },
});

/**
 * Every permission of the plugin.
 * @public
 */
export const kubernetesAccessPermissions = [
  requestCreatePermission,
  requestReadPermission,
  requestApprovePermission,
  requestRevokePermission,
  sessionOpenPermission,
  recordingReadPermission,
  auditReadPermission,
  adminPermission,
];
