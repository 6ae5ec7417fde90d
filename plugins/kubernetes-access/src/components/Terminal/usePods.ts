import { useApi } from '@backstage/core-plugin-api';
import type { PodSummary } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { useCallback, useEffect, useState } from 'react';
import { kubernetesAccessApiRef } from '../../api';

/** Pods come and go in a rollout; this is how soon the list shows it. */
const INTERVAL_MS = 5_000;

/** The pods that a request reaches, as they are now. An old answer stays until there is a new one. */
export function usePods(requestId: string | undefined) {
  const api = useApi(kubernetesAccessApiRef);
  const [pods, setPods] = useState<PodSummary[]>();
  const [error, setError] = useState<Error>();
  const [round, setRound] = useState(0);
  const retry = useCallback(() => setRound(number => number + 1), []);

  useEffect(() => setPods(undefined), [requestId]);
  useEffect(() => {
    let isCurrent = true;
    const read = async () => {
      if (!requestId || document.hidden) {
        return;
      }
      try {
        const found = await api.listPods(requestId);
        if (isCurrent) {
          setPods(found);
          setError(undefined);
        }
      } catch (problem) {
        if (isCurrent) {
          setError(problem as Error);
        }
      }
    };
    // `read` never rejects.
    read();
    const timer = setInterval(read, INTERVAL_MS);
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, [api, requestId, round]);

  return { pods, error, retry };
}
