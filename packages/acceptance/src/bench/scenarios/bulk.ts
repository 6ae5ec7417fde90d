import type { Figure } from '../Figure';
import { median } from '../statistics';
import type { Terminal, Way } from '../terminals/Terminal';
import { run, untilPrompt } from '../terminals/Terminal';

const FILE = '/tmp/bulk';
const FILE_BYTES = 1_000_000;
/** Text, as people look at: in a recording, a byte that is no character takes six. */
const LINE =
  '2026-01-15T12:00:00.000Z INFO request 4711 of customer 42 done in 12 ms, status 200';

/** How fast text that a program prints arrives over a TTY. */
export async function bulk(
  ways: readonly Way[],
  options: { megabytes: number; rounds: number },
): Promise<Figure[]> {
  const samples = new Map(ways.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < options.rounds; round++) {
    for (const { name, open } of ways) {
      const terminal = await open();
      await untilPrompt(terminal);
      await run(terminal, `yes '${LINE}' | head -c ${FILE_BYTES} > ${FILE}`);
      // Without the translation of line ends, so that what arrives can be counted.
      await run(terminal, 'stty raw -echo');
      samples.get(name)!.push(await download(terminal, options.megabytes));
      terminal.close();
    }
  }
  return [...samples].map(([contender, values]) => ({
    scenario: `bulk output, ${options.megabytes} MB of text to a TTY`,
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
  const expected = megabytes * FILE_BYTES;
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
      `for i in $(seq ${megabytes}); do dd if=${FILE} bs=100000 2>/dev/null; done\n`,
    ),
  );
  await all;
  return megabytes / ((performance.now() - began) / 1000);
}
