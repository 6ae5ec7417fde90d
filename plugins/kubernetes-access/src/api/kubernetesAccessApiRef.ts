import { createApiRef } from '@backstage/core-plugin-api';
import type { KubernetesAccessApi } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/**
 * The API through which every component of this plugin asks and acts.
 * @public
 */
export const kubernetesAccessApiRef = createApiRef<KubernetesAccessApi>({
  id: 'plugin.kubernetes-access.service',
});
