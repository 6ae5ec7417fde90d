import { useEffect, useState } from 'react';

/** The reader's clock, read anew now and then, for times that are told as "4 minutes ago". */
export function useNow(intervalMs: number = 15_000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs]);
  return now;
}
