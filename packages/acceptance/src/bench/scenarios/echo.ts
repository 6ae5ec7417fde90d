import type { Figure } from '../Figure';
import { percentile } from '../statistics';
import type { Terminal, Way } from '../terminals/Terminal';
import { untilPrompt } from '../terminals/Terminal';

const WARM_UP = 50;
/** Typed by one contender before it is the next one's turn, so that all of them meet the same weather. */
const BLOCK = 20;
const LINE = 50;
/** Ctrl-U. */
const CLEAR_LINE = '\x15';

/** The time from a keystroke to its echo on the TTY. */
export async function echo(
  ways: readonly Way[],
  keystrokes: number,
): Promise<Figure[]> {
  const typists = await Promise.all(
    ways.map(async ({ name, open }) => {
      const terminal = await open();
      await untilPrompt(terminal);
      return { name, terminal, samples: [] as number[] };
    }),
  );
  for (const { terminal } of typists) {
    await typeSome(terminal, WARM_UP);
  }
  for (let typed = 0; typed < keystrokes; typed += BLOCK) {
    for (const { terminal, samples } of typists) {
      samples.push(...(await typeSome(terminal, BLOCK)));
    }
  }
  typists.forEach(({ terminal }) => terminal.close());
  return typists.flatMap(({ name, samples }) => echoFigures(name, samples));
}

/** Types so many characters, each after the echo of the one before. Returns how long each took, in ms. */
export async function typeSome(
  terminal: Terminal,
  count: number,
): Promise<number[]> {
  const samples: number[] = [];
  for (let typed = 1; typed <= count; typed++) {
    samples.push(await keystroke(terminal));
    // A line that grows would make the shell draw more and more of it.
    if (typed % LINE === 0 || typed === count) {
      await keystroke(terminal, CLEAR_LINE);
    }
  }
  return samples;
}

async function keystroke(terminal: Terminal, key = 'x'): Promise<number> {
  const echoed = new Promise<void>(resolve => {
    terminal.onOutput(() => resolve());
  });
  const typedAt = performance.now();
  terminal.type(Buffer.from(key));
  await echoed;
  return performance.now() - typedAt;
}

export function echoFigures(
  contender: string,
  samples: number[],
  scenario = 'keystroke echo',
): Figure[] {
  const shares = { p50: 0.5, p90: 0.9, p99: 0.99 };
  return Object.entries(shares).map(([measure, share]) => ({
    scenario,
    measure,
    unit: 'ms',
    contender,
    value: percentile(samples, share),
  }));
}
