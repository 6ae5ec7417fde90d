import type { Figure } from '../Figure';
import { median } from '../statistics';
import type { Terminal, Way } from '../terminals/Terminal';
import { run, untilPrompt } from '../terminals/Terminal';

/** How fast output of a program arrives over a TTY. */
export async function bulk(
  ways: readonly Way[],
  options: { megabytes: number; rounds: number },
): Promise<Figure[]> {
  const samples = new Map(ways.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < options.rounds; round++) {
    for (const { name, open } of ways) {
      const terminal = await open();
      await untilPrompt(terminal);
      // Without the translation of line ends, so that what arrives can be counted.
      await run(terminal, 'stty raw -echo');
      samples.get(name)!.push(await download(terminal, options.megabytes));
      terminal.close();
    }
  }
  return [...samples].map(([contender, values]) => ({
    scenario: `bulk output, ${options.megabytes} MB to a TTY`,
    measure: 'median',
    unit: 'MB/s',
    contender,
    value: median(values),
  }));
}

async function download(
  terminal: Terminal,
  megabytes: number,
): Promise<number> {
  const expected = megabytes * 1_000_000;
  let arrived = 0;
  const all = new Promise<void>(resolve => {
    terminal.onOutput(bytes => {
      arrived += bytes.length;
      if (arrived >= expected) resolve();
    });
  });
  const began = performance.now();
  terminal.type(
    Buffer.from(
      `dd if=/dev/zero bs=100000 count=${megabytes * 10} 2>/dev/null\n`,
    ),
  );
  await all;
  return megabytes / ((performance.now() - began) / 1000);
}
