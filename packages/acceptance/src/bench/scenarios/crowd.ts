import { readFileSync } from 'node:fs';
import type { Figure } from '../Figure';
import type { Terminal, Way } from '../terminals/Terminal';
import { untilPrompt } from '../terminals/Terminal';
import { echoFigures, typeSome } from './echo';

/** How many are opened at the same moment; more would measure the queue before the API server. */
const AT_ONCE = 10;
const KEYSTROKES_EACH = 10;

/** Many shells at once: how an echo feels among them, and what each costs in the back end. */
export async function crowd(
  ways: readonly Way[],
  options: { shells: number; backendPid?: number },
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const way of ways) {
    figures.push(...(await crowdOf(way, options)));
  }
  return figures;
}

async function crowdOf(
  way: Way,
  { shells, backendPid }: { shells: number; backendPid?: number },
): Promise<Figure[]> {
  const scenario = `${shells} shells at once`;
  const before = backendPid && residentKiB(backendPid);
  const began = performance.now();
  const terminals = await openMany(way, shells);
  const opened = (performance.now() - began) / 1000;
  const after = backendPid && residentKiB(backendPid);
  const samples: number[] = [];
  for (const terminal of terminals) {
    samples.push(...(await typeSome(terminal, KEYSTROKES_EACH)));
  }
  terminals.forEach(terminal => terminal.close());
  await Promise.all(terminals.map(({ closed }) => closed));
  const contender = way.name;
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
            value: Math.max(0, (after - before) * 1.024) / shells,
          },
        ]
      : []),
  ];
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

/** Source: proc_pid_status(5). */
function residentKiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}
