import type { Cancel, Clock } from '../controller/Clock';

/**
 * Waits for an answer of the database, but not longer than that: over a connection that died without a word it would
 * be a quarter of an hour. The question itself is not taken back.
 */
export async function inTime<T>(
  clock: Clock,
  timeoutMs: number,
  answer: Promise<T>,
): Promise<T> {
  let cancel: Cancel = () => {};
  const timeUp = new Promise<never>((_, reject) => {
    cancel = clock.schedule(timeoutMs, () =>
      reject(new Error(`The database gave no answer within ${timeoutMs} ms`)),
    );
  });
  try {
    return await Promise.race([answer, timeUp]);
  } finally {
    cancel();
  }
}
