import { useApi } from '@backstage/core-plugin-api';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import useAsync from 'react-use/esm/useAsync';
import { kubernetesAccessApiRef } from '../../api';

/** How many pods a request would reach now. What cannot be counted is left out of the sentence. */
export function usePodCount(request: AccessRequest): number | undefined {
  const api = useApi(kubernetesAccessApiRef);
  const { entityRef, cluster, targets } = request;
  const { value: access } = useAsync(
    () => api.getEntityAccess(entityRef),
    [api, entityRef],
  );
  const reached = access?.targets.filter(
    target =>
      !target.problem &&
      target.cluster.name === cluster.name &&
      targets.some(({ namespace }) => namespace === target.namespace),
  );
  return reached?.length
    ? reached.reduce((sum, { pods }) => sum + pods.length, 0)
    : undefined;
}
