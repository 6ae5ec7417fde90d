import { useApi } from '@backstage/core-plugin-api';
import { toError } from '@backstage/errors';
import type { KubernetesAccessApi } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { useCallback, useEffect, useState } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { isNotAllowed, isNotFound } from '../../format';
import { CastReader } from './cast';
import type { WatchScreen } from './createWatchScreen';

/** How long to wait before a connection that was lost is made again. */
const RETRY_MS = 2_000;

/** How it goes. */
export type WatchState =
  | { status: 'connecting' }
  | { status: 'watching' }
  /** It is being tried again. */
  | { status: 'lost' }
  | { status: 'ended' }
  /** Trying again would not help. */
  | { status: 'failed'; error: Error };

/** Shows what a session shows on a screen, until it closes. */
export function useWatch(
  requestId: string,
  sessionId: string,
  screen: WatchScreen | undefined,
): WatchState & { retry(): void } {
  const api = useApi(kubernetesAccessApiRef);
  const [state, setState] = useState<WatchState>({ status: 'connecting' });
  const [round, setRound] = useState(0);

  useEffect(() => {
    if (!screen) {
      return undefined;
    }
    const controller = new AbortController();
    const { signal } = controller;
    const show = (next: WatchState) => {
      if (!signal.aborted) {
        setState(next);
      }
    };
    const watch = async () => {
      show({ status: 'connecting' });
      while (!signal.aborted) {
        const lines = api.readRecording(requestId, sessionId, {
          follow: true,
          signal,
        });
        try {
          await play(lines, screen, () => show({ status: 'watching' }));
        } catch (problem) {
          const error = toError(problem);
          if (isNotAllowed(error) || isNotFound(error)) {
            show({ status: 'failed', error });
            return;
          }
        }
        if (signal.aborted || (await hasClosed(api, requestId, sessionId))) {
          show({ status: 'ended' });
          return;
        }
        show({ status: 'lost' });
        await pause(signal);
      }
    };
    // Nothing in it rejects.
    watch();
    return () => controller.abort();
  }, [api, requestId, sessionId, screen, round]);

  const retry = useCallback(() => setRound(before => before + 1), []);
  return { ...state, retry };
}

async function play(
  lines: AsyncIterable<string>,
  screen: WatchScreen,
  onBegin: () => void,
): Promise<void> {
  const reader = new CastReader();
  for await (const line of lines) {
    const isFirst = !reader.header;
    const event = reader.read(line);
    if (isFirst && reader.header) {
      screen.begin(reader.header.columns, reader.header.rows);
      onBegin();
    }
    if (event?.[1] === 'o') {
      await screen.write(event[2]);
    } else if (event?.[1] === 'r') {
      const [columns, rows] = event[2].split('x').map(Number);
      screen.resize(columns, rows);
    }
  }
}

/** A connection may also end because something on the way has had enough of it. */
async function hasClosed(
  api: KubernetesAccessApi,
  requestId: string,
  sessionId: string,
): Promise<boolean> {
  try {
    const { sessions } = await api.getRequest(requestId);
    return sessions.find(({ id }) => id === sessionId)?.state === 'closed';
  } catch {
    return false;
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await new Promise<void>(resolve => {
    const timer = setTimeout(resolve, RETRY_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
