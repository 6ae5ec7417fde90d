import { useApi } from '@backstage/core-plugin-api';
import { toError } from '@backstage/errors';
import type {
  AccessRequest,
  PodSummary,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { useCallback, useRef } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { isConflict } from '../../format';
import { useLive } from '../../hooks';
import { usePolling } from '../../hooks/usePolling';

/** Pods come and go in a rollout, and no signal tells; this is how soon the list shows it. */
const INTERVAL_MS = 5_000;

/** An access that ends has no pods any more: to ask for them only then would be refused. */
const never = () => false;

/** The pods that a request reaches, as they are now; once it has ended, as they were. */
export function usePods(
  request: Pick<AccessRequest, 'id' | 'expiresAt' | 'asOf'> | undefined,
) {
  const api = useApi(kubernetesAccessApiRef);
  const requestId = request?.id;
  const seen = useRef<PodSummary[]>([]);
  const endedId = useRef<string>();
  const isTimeUp = useTimeUp(request);
  const load = useCallback(async () => {
    if (!requestId) {
      return [];
    }
    if (endedId.current === requestId || isTimeUp()) {
      return seen.current;
    }
    try {
      seen.current = await api.listPods(requestId);
    } catch (error) {
      if (!isConflict(toError(error))) {
        throw error;
      }
      endedId.current = requestId;
    }
    return seen.current;
  }, [api, requestId, isTimeUp]);
  const live = useLive(load, never, { afterActions: false });
  usePolling(live.refresh, INTERVAL_MS);
  return live;
}

/** Tells whether the time of a request is up, whatever the browser's clock says. */
function useTimeUp(request: Parameters<typeof usePods>[0]): () => boolean {
  const latest = useRef<{ asOf?: string; deadline: number }>();
  const { asOf, expiresAt } = request ?? {};
  if (asOf !== latest.current?.asOf) {
    latest.current = {
      asOf,
      deadline:
        asOf && expiresAt
          ? performance.now() + Date.parse(expiresAt) - Date.parse(asOf)
          : Infinity,
    };
  }
  return useCallback(
    () => performance.now() >= (latest.current?.deadline ?? Infinity),
    [],
  );
}
