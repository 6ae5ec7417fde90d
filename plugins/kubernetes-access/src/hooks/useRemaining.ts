import { useMemo } from 'react';
import { useSteadyNow } from './useSteadyNow';

/**
 * How much is left until an instant of the server's, in milliseconds, never less than 0.
 *
 * It is measured on the steady clock from the moment at which the server's answer came, so that a wrong clock of
 * the reader's machine does not matter.
 *
 * @param asOf - the server's time when it said so
 */
export function useRemaining(instant: string, asOf: string): number {
  const deadline = useMemo(
    () => performance.now() + Date.parse(instant) - Date.parse(asOf),
    [instant, asOf],
  );
  const now = useSteadyNow();
  return Math.max(0, deadline - now);
}
