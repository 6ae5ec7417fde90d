import type { Clock } from '../controller/Clock';

/** The outcome of `task`, or a rejection when it takes longer than `limitMs`. Leaves no timer behind. */
export async function within<Result>(
  clock: Clock,
  limitMs: number,
  task: Promise<Result>,
): Promise<Result> {
  let cancel = () => {};
  const limit = new Promise<never>((_, reject) => {
    cancel = clock.schedule(limitMs, () =>
      reject(new Error(`It took more than ${limitMs} ms`)),
    );
  });
  try {
    return await Promise.race([task, limit]);
  } finally {
    cancel();
  }
}
