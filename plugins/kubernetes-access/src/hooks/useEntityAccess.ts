import { useApi } from '@backstage/core-plugin-api';
import type { AccessSignal } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { useCallback } from 'react';
import { kubernetesAccessApiRef } from '../api';
import { useLive } from './useLive';

/** Where the reader stands with an entity, kept fresh. */
export function useEntityAccess(entityRef: string) {
  const api = useApi(kubernetesAccessApiRef);
  return useLive(
    useCallback(() => api.getEntityAccess(entityRef), [api, entityRef]),
    useCallback(
      (signal: AccessSignal) => signal.entityRef === entityRef,
      [entityRef],
    ),
  );
}
