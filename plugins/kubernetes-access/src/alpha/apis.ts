import {
  ApiBlueprint,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { KubernetesAccessClient } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { kubernetesAccessApiRef } from '../api';

export const kubernetesAccessApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: kubernetesAccessApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new KubernetesAccessClient(deps),
    }),
});
