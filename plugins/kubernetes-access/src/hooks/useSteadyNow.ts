import { useEffect, useState } from 'react';

/** The steady clock, read anew every second; it does not jump when the machine's clock is put right. */
export function useSteadyNow(intervalMs: number = 1000): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs]);
  return now;
}
