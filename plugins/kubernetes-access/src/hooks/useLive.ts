import { toError } from '@backstage/errors';
import type { AccessSignal } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { useCallback, useEffect, useRef, useState } from 'react';
import { onChange } from './changes';
import { useAccessSignals } from './useAccessSignals';
import { usePolling } from './usePolling';

/** How often to look again in an app that has no signals. */
const POLL_MS = 5_000;
/** How often to look again beside signals: they can be missed, and pods send none. */
const POLL_BESIDE_SIGNALS_MS = 15_000;

/** What is known of something on the server. */
export type Live<T> =
  | { status: 'loading' }
  | { status: 'failed'; error: Error }
  /** With an error when the latest look failed, so that the value is older than it seems. */
  | { status: 'ready'; value: T; error?: Error };

/**
 * Loads something and keeps it fresh: at every signal that concerns it, after whatever the user does on the page, and
 * by looking now and then.
 *
 * An old value stays until there is a new one, so that nothing flickers.
 *
 * @param load - memoised; another function means another thing, which is loaded from nothing
 * @param concerns - memoised; which signals make it look again, all by default
 * @param options - `afterActions`: whether it looks again after what the user does on the page
 */
export function useLive<T>(
  load: () => Promise<T>,
  concerns: (signal: AccessSignal) => boolean = everything,
  { afterActions = true }: { afterActions?: boolean } = {},
): Live<T> & { refresh(): Promise<void> } {
  const [live, setLive] = useState<Live<T>>({ status: 'loading' });
  const rounds = useRef({ started: 0, shown: 0 });

  const refresh = useCallback(async () => {
    const round = ++rounds.current.started;
    const show = (next: (previous: Live<T>) => Live<T>) => {
      // An answer that was overtaken by a later one is not news.
      if (round > rounds.current.shown) {
        rounds.current.shown = round;
        setLive(next);
      }
    };
    try {
      const value = await load();
      show(() => ({ status: 'ready', value }));
    } catch (problem) {
      const error = toError(problem);
      show(previous =>
        previous.status === 'ready'
          ? { ...previous, error }
          : { status: 'failed', error },
      );
    }
  }, [load]);

  useEffect(() => {
    setLive({ status: 'loading' });
    // `refresh` never rejects.
    refresh();
    const { current } = rounds;
    return () => {
      current.shown = current.started;
    };
  }, [refresh]);

  const hasSignals = useAccessSignals(
    useCallback(
      (signal: AccessSignal) => {
        if (concerns(signal)) {
          refresh();
        }
      },
      [concerns, refresh],
    ),
  );
  useEffect(
    () => (afterActions ? onChange(refresh) : undefined),
    [afterActions, refresh],
  );
  usePolling(refresh, hasSignals ? POLL_BESIDE_SIGNALS_MS : POLL_MS);

  return { ...live, refresh };
}

function everything(): boolean {
  return true;
}
