import { useApi } from '@backstage/core-plugin-api';
import type { KubernetesAccessApi } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { useCallback, useEffect, useState } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { onChange } from '../../hooks/changes';
import { useAccessSignals } from '../../hooks/useAccessSignals';
import { usePolling } from '../../hooks/usePolling';

/** It is on every page of the app, so that it asks rarely where no signals tell it when to. */
const POLL_MS = 60_000;

/** Sidebars make their icons anew when they open; the number must not blink then. */
const lastCounts = new WeakMap<KubernetesAccessApi, number>();

/** How many requests wait for the reader; 0 as long as that is not known. */
export function useWaitingCount(): number {
  const api = useApi(kubernetesAccessApiRef);
  const [count, setCount] = useState(() => lastCounts.get(api) ?? 0);
  const look = useCallback(async () => {
    try {
      const { toDecide } = await api.getCounts();
      lastCounts.set(api, toDecide);
      setCount(toDecide);
    } catch {
      // A number in the margin is no place for errors; the page tells them.
    }
  }, [api]);
  useEffect(() => {
    // `look` never rejects.
    look();
  }, [look]);
  useEffect(() => onChange(look), [look]);
  useAccessSignals(look);
  usePolling(look, POLL_MS);
  return count;
}
