import { useApi } from '@backstage/core-plugin-api';
import { useCallback } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { useLive } from '../../hooks';
import { usePolling } from '../../hooks/usePolling';

/** Pods come and go in a rollout, and no signal tells; this is how soon the list shows it. */
const INTERVAL_MS = 5_000;

/** The pods that a request reaches, as they are now. */
export function usePods(requestId: string | undefined) {
  const api = useApi(kubernetesAccessApiRef);
  const load = useCallback(
    async () => (requestId ? api.listPods(requestId) : []),
    [api, requestId],
  );
  const live = useLive(load);
  usePolling(live.refresh, INTERVAL_MS);
  return live;
}
