import type { Figure } from '../Figure';
import { median } from '../statistics';
import type { Terminal, Way } from '../terminals/Terminal';
import { run, untilOutput, untilPrompt } from '../terminals/Terminal';

const SIZE = 1_000_000;

/** How fast a paste of 1 MB reaches a program, in one frame or in many. */
export async function paste(
  ways: readonly Way[],
  rounds: number,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const frame of [SIZE, 4_000]) {
    const samples = new Map(ways.map(({ name }) => [name, [] as number[]]));
    for (let round = 0; round < rounds; round++) {
      for (const { name, open } of ways) {
        const terminal = await open();
        await untilPrompt(terminal);
        samples.get(name)!.push(await upload(terminal, frame));
        terminal.close();
      }
    }
    for (const [contender, values] of samples) {
      figures.push({
        scenario: `paste of 1 MB in frames of ${frame / 1000} KB`,
        measure: 'median',
        unit: 'MB/s',
        contender,
        value: median(values),
      });
    }
  }
  return figures;
}

async function upload(terminal: Terminal, frame: number): Promise<number> {
  await run(terminal, 'stty raw -echo');
  const counting = untilOutput(terminal, text => text.includes('ready'));
  terminal.type(
    Buffer.from(`echo rea""dy; head -c ${SIZE} | wc -c; echo counted\n`),
  );
  await counting;
  const counted = untilOutput(terminal, text => text.includes('counted'));
  const began = performance.now();
  for (let sent = 0; sent < SIZE; sent += frame) {
    terminal.type(Buffer.alloc(Math.min(frame, SIZE - sent), 'a'));
  }
  const output = await counted;
  const seconds = (performance.now() - began) / 1000;
  if (!output.includes(String(SIZE))) {
    throw new Error(`A paste of ${SIZE} bytes did not arrive whole: ${output}`);
  }
  return SIZE / 1_000_000 / seconds;
}
