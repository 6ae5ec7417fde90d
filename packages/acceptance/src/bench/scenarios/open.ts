import type { Figure } from '../Figure';
import { percentile } from '../statistics';
import type { Way } from '../terminals/Terminal';
import { untilPrompt } from '../terminals/Terminal';

/** From the click on "open" to the first prompt. */
export async function open(
  ways: readonly Way[],
  rounds: number,
): Promise<Figure[]> {
  const samples = new Map(ways.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const way of ways) {
      const began = performance.now();
      const terminal = await way.open();
      await untilPrompt(terminal);
      samples.get(way.name)!.push(performance.now() - began);
      terminal.close();
      await terminal.closed;
    }
  }
  return [...samples].flatMap(([contender, values]): Figure[] =>
    [0.5, 0.9].map(share => ({
      scenario: 'open → first prompt',
      measure: `p${share * 100}`,
      unit: 'ms',
      contender,
      value: percentile(values, share),
    })),
  );
}
