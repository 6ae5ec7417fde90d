import { toError } from '@backstage/errors';
import { useCallback, useEffect, useRef, useState } from 'react';
import { announceChange } from './changes';

/** Something that the user does on the server, once at a time. */
export interface Action<Args extends unknown[]> {
  run(...args: Args): Promise<void>;
  isRunning: boolean;
  /** Why it failed the last time. */
  error?: Error;
  forget(): void;
}

/** Runs what the user asks for, keeps track of it, and has the page look again when it is done; it never rejects. */
export function useAction<Args extends unknown[]>(
  act: (...args: Args) => Promise<unknown>,
): Action<Args> {
  const [state, setState] = useState<{ isRunning: boolean; error?: Error }>({
    isRunning: false,
  });
  const isRunning = useRef(false);
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });

  const run = useCallback(async (...args: Args) => {
    if (isRunning.current) {
      return;
    }
    isRunning.current = true;
    setState({ isRunning: true });
    try {
      await latest.current(...args);
      setState({ isRunning: false });
      announceChange();
    } catch (problem) {
      setState({ isRunning: false, error: toError(problem) });
    } finally {
      isRunning.current = false;
    }
  }, []);
  const forget = useCallback(() => setState({ isRunning: false }), []);

  return { ...state, run, forget };
}
