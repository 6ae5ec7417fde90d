import { useEffect, useMemo, useState } from 'react';

/** Fine enough for a text in minutes that turns to seconds at the end. */
const TICK_MS = 1_000;

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
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    setNow(performance.now());
    const timer = setInterval(() => setNow(performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [deadline]);
  return Math.max(0, deadline - now);
}
