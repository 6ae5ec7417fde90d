import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../engines';
import type { Figure } from './Figure';
import { OURS, percentile } from './Figure';
import { storeApproved } from './fillDatabase';
import type { BenchCluster } from './StoredBackend';
import { StoredBackend } from './StoredBackend';

const PATIENCE_MS = 60_000;

/**
 * From the start of a back end (its modules are loaded) to its first page, and to the moment when what was approved
 * while it was away stands in the cluster: by then it looks after the cluster and has caught up. Beside the same with
 * an empty database, in turns.
 */
export async function restart(
  engine: Engine,
  cluster: BenchCluster,
  options: { stored: number; rounds: number },
): Promise<Figure[]> {
  const many = await StoredBackend.start(engine, cluster, options.stored);
  const none = await StoredBackend.start(engine, cluster, 0);
  const contenders = [
    { name: OURS, backend: many },
    { name: 'nothing stored', backend: none },
  ];
  try {
    const samples: Array<{ name: string; page: number; caughtUp: number }> = [];
    for (let round = 0; round < options.rounds; round++) {
      for (const { name, backend } of contenders) {
        samples.push({ name, ...(await restartOnce(backend, round)) });
      }
    }
    return contenders.flatMap(({ name }) => {
      const own = samples.filter(sample => sample.name === name);
      return (['page', 'caughtUp'] as const).map(
        (what): Figure => ({
          scenario: `restart with ${options.stored} stored (${engine})`,
          measure: what === 'page' ? 'first page' : 'steady',
          unit: 'ms',
          contender: name,
          value: percentile(
            own.map(sample => sample[what]),
            0.5,
          ),
        }),
      );
    });
  } finally {
    await many.close();
    await none.close();
  }
}

async function restartOnce(
  backend: StoredBackend,
  round: number,
): Promise<{ page: number; caughtUp: number }> {
  const { id } = await backend.write(filling =>
    storeApproved(filling, `bench=restart-${round}`),
  );
  const began = performance.now();
  await backend.run();
  await until(async () => {
    const { status } = await backend.api.get('pia', '/requests?scope=all');
    return status === 200;
  });
  const page = performance.now() - began;
  await until(
    async () => (await backend.api.see('ada', id)).phase === 'Active',
  );
  const caughtUp = performance.now() - began;
  await backend.api.end('ada', 'cancel', id);
  await until(
    async () => (await backend.api.see('ada', id)).removal.state === 'removed',
  );
  await backend.stop();
  return { page, caughtUp };
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) {
      throw new Error(`Waited ${PATIENCE_MS / 1000} s in vain`);
    }
    await sleep(10);
  }
}
