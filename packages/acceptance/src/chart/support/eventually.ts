import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 30_000;
const PAUSE_MS = 100;

/** Tries again until something comes of it: Kubernetes does many things some time later. */
export async function eventually<Result>(
  what: string,
  attempt: () => Promise<Result | undefined>,
): Promise<Result> {
  const deadline = Date.now() + PATIENCE_MS;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const result = await attempt();
      if (result) {
        return result;
      }
    } catch (error) {
      last = error;
    }
    await sleep(PAUSE_MS);
  }
  throw new Error(`waited in vain until ${what}; last: ${last ?? 'nothing'}`);
}
