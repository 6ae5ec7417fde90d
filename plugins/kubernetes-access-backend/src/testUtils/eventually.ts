/** Looks again and again until what was looked for is there; the last failure tells what was not. */
export async function eventually<T>(
  look: () => Promise<T> | T,
  timeoutMs: number = 45_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}
