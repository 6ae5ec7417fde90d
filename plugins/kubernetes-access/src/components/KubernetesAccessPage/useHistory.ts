import { useApi } from '@backstage/core-plugin-api';
import type { AccessRequestPage } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { useCallback, useRef } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { useLive } from '../../hooks';
import type { HistoryFilters } from './historyFilters';
import { queryOf } from './historyFilters';

const PAGE = 25;

/** One page of the history. While another one is loaded, the one before stays. */
export function useHistory({ search, phase, since, after }: HistoryFilters) {
  const api = useApi(kubernetesAccessApiRef);
  const live = useLive(
    useCallback(
      () =>
        api.listRequests({
          ...queryOf({ search, phase, since }, new Date()),
          limit: PAGE,
          cursor: after,
        }),
      [api, search, phase, since, after],
    ),
  );
  const latest = useRef<AccessRequestPage>();
  if (live.status === 'ready') {
    latest.current = live.value;
  }
  return {
    live,
    page: live.status === 'failed' ? undefined : latest.current,
    isLoading: live.status === 'loading',
  };
}
