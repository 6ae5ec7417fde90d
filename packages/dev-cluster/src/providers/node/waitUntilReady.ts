import { setTimeout as delay } from 'node:timers/promises';
import { Log } from '../../Cluster';
import { ApiServerProbe } from './ApiServerProbe';
import { Layout } from './layout';

const PATIENCE_MS = 90_000;

export async function waitUntilReady(
  layout: Layout,
  port: number,
  log: Log,
  aborted: AbortSignal,
  hasNode: boolean,
): Promise<void> {
  const probe = await ApiServerProbe.create(layout, port);
  const started = performance.now();
  const elapsed = () =>
    `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const until = async (what: string, isTrue: () => Promise<boolean>) => {
    while (!(await isTrue())) {
      if (performance.now() - started > PATIENCE_MS) {
        throw new Error(`the ${what} is not ready after ${elapsed()}`);
      }
      await delay(100, undefined, { signal: aborted });
    }
    log(`The ${what} is ready after ${elapsed()}`);
  };
  try {
    await until('API server', () => probe.isReady());
    if (hasNode) {
      await until('node', () => probe.isNodeReady());
    }
  } finally {
    probe.close();
  }
}
