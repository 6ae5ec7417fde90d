import type { PermissionsRegistryService } from '@backstage/backend-plugin-api';
import {
  auditReadPermission,
  recordingReadPermission,
  requestApprovePermission,
  requestCreatePermission,
  requestReadPermission,
  requestRevokePermission,
  sessionOpenPermission,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AccessRequestFacts } from '@kubernetes-access/backstage-plugin-kubernetes-access-node';
import {
  accessRequestResourceRef,
  accessRequestRules,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-node';
import type { RequestStore, StoredRequest } from '../database/types';

/** Makes the plugin's permissions and rules known to the permission framework. */
export function registerPermissions(
  registry: PermissionsRegistryService,
  store: Pick<RequestStore, 'get'>,
): void {
  registry.addResourceType({
    resourceRef: accessRequestResourceRef,
    permissions: [
      requestReadPermission,
      requestApprovePermission,
      requestRevokePermission,
      sessionOpenPermission,
      recordingReadPermission,
    ],
    rules: Object.values(accessRequestRules),
    getResources: ids =>
      Promise.all(
        ids.map(async id => {
          const request = await store.get(id);
          return request && factsOf(request);
        }),
      ),
  });
  // The resources of the first are the catalog's, and so are the conditions on it; the other one has none.
  registry.addPermissions([requestCreatePermission, auditReadPermission]);
}

function factsOf(request: StoredRequest): AccessRequestFacts {
  const { id, requester, terms, approvers } = request;
  return { id, requester, entityRef: terms.entityRef, approvers };
}
