import { useApi } from '@backstage/core-plugin-api';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { useCallback, useRef } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { useAction, useLive } from '../../hooks';

const PAGE = 25;

interface MyRequests {
  items: AccessRequest[];
  hasMore: boolean;
}

/** The user's own requests, newest first, as many pages of them as were asked for. */
export function useMine() {
  const api = useApi(kubernetesAccessApiRef);
  const pages = useRef(1);
  const live = useLive(
    useCallback(async (): Promise<MyRequests> => {
      const items: AccessRequest[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < pages.current; page++) {
        const next = await api.listRequests({
          scope: 'mine',
          limit: PAGE,
          ...(cursor ? { cursor } : {}),
        });
        items.push(...next.items);
        cursor = next.nextCursor;
        if (!cursor) break;
      }
      return { items, hasMore: cursor !== undefined };
    }, [api]),
  );
  const more = useAction(async () => {
    pages.current += 1;
    await live.refresh();
  });
  return { live, more };
}
