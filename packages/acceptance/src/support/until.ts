const INTERVAL_MS = 100;

/**
 * Looks again and again until there is something to see, and returns it.
 *
 * @param what - what is waited for, in words for the failure
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined>,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) {
      return seen;
    }
    if (performance.now() > deadline) {
      throw new Error(`Waited ${timeoutMs / 1000} s in vain until ${what}`);
    }
    await new Promise(resolve => {
      setTimeout(resolve, INTERVAL_MS);
    });
  }
}
