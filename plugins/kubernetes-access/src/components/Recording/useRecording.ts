import { useApi } from '@backstage/core-plugin-api';
import { toError } from '@backstage/errors';
import { useCallback, useEffect, useState } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import type { Cast } from './cast';
import { readCast } from './cast';

/** What is known of a recording. */
export type RecordingState =
  | { status: 'loading' }
  | { status: 'failed'; error: Error }
  | { status: 'ready'; cast: Cast };

/** Loads the recording of a session, once; whoever closes the page in between wants no more of it. */
export function useRecording(
  requestId: string,
  sessionId: string,
): RecordingState & { reload(): void } {
  const api = useApi(kubernetesAccessApiRef);
  const [state, setState] = useState<RecordingState>({ status: 'loading' });
  const [round, setRound] = useState(0);

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const show = (next: RecordingState) => {
      if (!signal.aborted) {
        setState(next);
      }
    };
    show({ status: 'loading' });
    readCast(api.readRecording(requestId, sessionId, { signal }))
      .then(cast => show({ status: 'ready', cast }))
      .catch(error => show({ status: 'failed', error: toError(error) }));
    return () => controller.abort();
  }, [api, requestId, sessionId, round]);

  const reload = useCallback(() => setRound(before => before + 1), []);
  return { ...state, reload };
}
