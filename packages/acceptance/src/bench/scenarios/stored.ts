import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Figure } from '../Figure';

/** It works with the stores and the controller themselves, and belongs to the back end's own test code. */
const MAIN = resolve(
  // eslint-disable-next-line no-restricted-syntax -- it is never built: the bench runs from the sources
  __dirname,
  '../../../../../plugins/kubernetes-access-backend/src/testUtils/bench/main.ts',
);

/** What needs databases of its own, each on SQLite and on PostgreSQL. */
export type StoredScenario = 'grants' | 'lists' | 'restart';

/** Measures in a process of its own, on databases and with back ends that end with it. */
export async function stored(
  scenario: StoredScenario,
  { isQuick }: { isQuick: boolean },
): Promise<Figure[]> {
  const child = fork(MAIN, [scenario, ...(isQuick ? ['--quick'] : [])]);
  const figures: Figure[] = [];
  child.on('message', message => {
    if (hasFigures(message)) {
      figures.push(...message.figures);
    }
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) {
    throw new Error(`The bench of ${scenario} ended with ${code}`);
  }
  return figures;
}

function hasFigures(message: unknown): message is { figures: Figure[] } {
  return (
    typeof message === 'object' && message !== null && 'figures' in message
  );
}
