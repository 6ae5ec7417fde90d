import { toError } from '@backstage/errors';
import { useApi } from '@backstage/core-plugin-api';
import type {
  AccessRequest,
  AccessSignal,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { useCallback, useEffect, useReducer } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { isNotFound } from '../../format';
import { useLive } from '../../hooks';
import { EMPTY_QUEUE, queueReducer } from './queue';

/** More than this nobody decides in one sitting. */
const MAX_CARDS = 100;

/** What waits for the reader's decision, on one entity or anywhere. */
export function useApprovalQueue(entityRef: string | undefined) {
  const api = useApi(kubernetesAccessApiRef);
  const [queue, dispatch] = useReducer(queueReducer, EMPTY_QUEUE);
  const load = useCallback(
    () => api.listRequests({ scope: 'to-decide', entityRef, limit: MAX_CARDS }),
    [api, entityRef],
  );
  const concerns = useCallback(
    (signal: AccessSignal) => !entityRef || signal.entityRef === entityRef,
    [entityRef],
  );
  const live = useLive(load, concerns);
  const waiting = live.status === 'ready' ? live.value.items : undefined;

  useEffect(() => {
    if (waiting) {
      dispatch({ type: 'look', waiting });
    }
  }, [waiting]);

  /** Finds out how a request stands that waits no more. */
  const look = useCallback(
    async (id: string): Promise<void> => {
      try {
        const request = await api.getRequest(id);
        dispatch({ type: 'settle', request });
      } catch (error) {
        // Anything else is tried again at the next look at the list.
        if (isNotFound(toError(error))) {
          dispatch({ type: 'drop', id });
        }
      }
    },
    [api],
  );

  const moving = queue.moving.join(' ');
  useEffect(() => {
    // `look` never rejects.
    moving.split(' ').filter(Boolean).forEach(look);
  }, [moving, waiting, look]);

  const settle = useCallback((request: AccessRequest) => {
    dispatch({ type: 'settle', request });
  }, []);

  return { live, cards: queue.cards, settle, look };
}
