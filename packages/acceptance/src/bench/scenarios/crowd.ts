import { setTimeout as sleep } from 'node:timers/promises';
import type { BackendMemory } from '../BackendMemory';
import type { Figure } from '../Figure';
import { OURS } from '../Figure';
import type { Terminal, Way } from '../terminals/Terminal';
import { untilPrompt } from '../terminals/Terminal';
import { echoFigures, typeSome } from './echo';

/** How many are opened at the same moment; more would measure the queue before the API server. */
const AT_ONCE = 10;
const KEYSTROKES = 1_000;
const GRACE_MS = 30_000;

/** Many shells at once: how an echo feels among them, and what each costs in the back end. */
export async function crowd(
  ways: readonly Way[],
  options: { shells: number; memory?: BackendMemory },
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const way of ways) {
    figures.push(...(await crowdOf(way, options)));
  }
  return figures;
}

async function crowdOf(
  way: Way,
  { shells, memory }: { shells: number; memory?: BackendMemory },
): Promise<Figure[]> {
  const scenario = `${shells} shells at once`;
  const contender = way.name;
  const ownMemory = contender === OURS ? memory : undefined;
  // What the first ones load and fill is there for all that follow.
  await closeAll(await openMany(way, AT_ONCE));
  const before = await ownMemory?.kilobytes();
  const began = performance.now();
  const terminals = await openMany(way, shells);
  const opened = (performance.now() - began) / 1000;
  const after = await ownMemory?.kilobytes();
  const samples = await typeInAll(terminals);
  await closeAll(terminals);
  return [
    {
      scenario,
      measure: 'opened',
      unit: 'per second',
      contender,
      value: shells / opened,
    },
    ...echoFigures(contender, samples, `${scenario}, echo`),
    ...(before && after
      ? [
          {
            scenario,
            measure: 'memory of the back end, each',
            unit: 'KB' as const,
            contender,
            value: (after - before) / shells,
          },
        ]
      : []),
  ];
}

/** One after the other: a person types in each. */
async function typeInAll(terminals: readonly Terminal[]): Promise<number[]> {
  const each = Math.max(1, Math.round(KEYSTROKES / terminals.length));
  const samples: number[] = [];
  for (const terminal of terminals) {
    samples.push(...(await typeSome(terminal, each)));
  }
  return samples;
}

/** Each shell is told to end: one whose stream merely breaks off stays in the container, unless it was ours. */
async function closeAll(terminals: readonly Terminal[]): Promise<void> {
  terminals.forEach(terminal => terminal.type(Buffer.from('exit\n')));
  const closed = Promise.all(terminals.map(terminal => terminal.closed));
  await Promise.race([closed, sleep(GRACE_MS, undefined, { ref: false })]);
  terminals.forEach(terminal => terminal.close());
  await closed;
}

async function openMany(way: Way, count: number): Promise<Terminal[]> {
  const terminals: Terminal[] = [];
  while (terminals.length < count) {
    const batch = Math.min(AT_ONCE, count - terminals.length);
    terminals.push(
      ...(await Promise.all(
        Array.from({ length: batch }, async () => {
          const terminal = await way.open();
          await untilPrompt(terminal);
          return terminal;
        }),
      )),
    );
  }
  return terminals;
}
