import type { PermissionsRegistryService } from '@backstage/backend-plugin-api';
import {
  adminPermission,
  auditReadPermission,
  recordingReadPermission,
  requestApprovePermission,
  requestCreatePermission,
  requestReadPermission,
  requestRevokePermission,
  sessionOpenPermission,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  accessRequestResourceRef,
  accessRequestRules,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-node';
import type { RequestStore } from '../database/types';
import { factsOf } from './factsOf';

/** Makes the plugin's permissions and rules known to the permission framework. */
export function registerPermissions(
  registry: PermissionsRegistryService,
  store: Pick<RequestStore, 'get' | 'now'>,
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
    getResources: async ids => {
      const now = await store.now();
      return Promise.all(
        ids.map(async id => {
          const request = await store.get(id);
          return request && factsOf(request, now);
        }),
      );
    },
  });
  // The resources of the first are the catalog's, and so are the conditions on it; the others have none.
  registry.addPermissions([
    requestCreatePermission,
    auditReadPermission,
    adminPermission,
  ]);
}
