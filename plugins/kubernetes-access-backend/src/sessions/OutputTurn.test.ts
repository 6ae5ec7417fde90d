import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { OutputTurn, TURN_BYTES, TURN_MS } from './OutputTurn';

const STDOUT = 1;
const STDERR = 2;

function frame(text: string | Uint8Array, channel = STDOUT): Buffer {
  return Buffer.concat([Buffer.of(channel), Buffer.from(text)]);
}

describe('OutputTurn', () => {
  let log: string[];
  let now: number;
  let output: OutputTurn;

  beforeEach(() => {
    log = [];
    now = 0;
    output = new OutputTurn({
      now: () => now,
      onOutput: passed => log.push(`${passed[0]}:${passed.subarray(1)}`),
      onSpent: () => log.push('spent'),
      onNext: () => log.push('next'),
    });
  });

  it('passes on at once what comes after a silence', async () => {
    output.add(frame('a'));
    expect(log).toEqual(['1:a']);
    await turn();
    output.add(frame('b'));
    expect(log).toEqual(['1:a', '1:b']);
  });

  it('passes on as one frame what follows in the same turn', async () => {
    ['a', 'b', 'c'].forEach(text => output.add(frame(text)));
    expect(log).toEqual(['1:a']);
    await turn();
    expect(log).toEqual(['1:a', '1:bc']);
  });

  it('passes on all of a turn as one frame while there is more than one in each', async () => {
    ['a', 'b'].forEach(text => output.add(frame(text)));
    await turn();
    log = [];
    ['c', 'd', 'e'].forEach(text => output.add(frame(text)));
    expect(log).toEqual([]);
    await turn();
    expect(log).toEqual(['1:cde']);
    output.add(frame('f'));
    await turn();
    output.add(frame('g'));
    expect(log).toEqual(['1:cde', '1:f', '1:g']);
  });

  it('keeps channels apart and in order', async () => {
    output.add(frame('a'));
    output.add(frame('b'));
    output.add(frame('c', STDERR));
    output.add(frame('d', STDERR));
    output.add(frame('e'));
    await turn();
    expect(log).toEqual(['1:a', '1:b', '2:cd', '1:e']);
  });

  it('passes on what waits before something that must not overtake it', () => {
    output.add(frame('a'));
    output.add(frame('b'));
    output.flush();
    output.flush();
    expect(log).toEqual(['1:a', '1:b']);
  });

  it('says once that the bytes of a turn are spent, and when it is the next one', async () => {
    output.add(frame(Buffer.alloc(TURN_BYTES - 2, 'x')));
    expect(log).not.toContain('spent');
    output.add(frame('y'));
    output.add(frame('z'));
    await turn();
    expect(log.slice(1)).toEqual(['spent', '1:yz', 'next']);
  });

  it('says it also when small frames have taken the time of a turn', async () => {
    output.add(frame('a'));
    now += TURN_MS;
    output.add(frame('b'));
    await turn();
    expect(log).toEqual(['1:a', 'spent', '1:b', 'next']);
  });

  it('begins each turn anew', async () => {
    output.add(frame(Buffer.alloc(TURN_BYTES - 2)));
    await turn();
    now += TURN_MS;
    output.add(frame(Buffer.alloc(TURN_BYTES - 2)));
    await turn();
    expect(log).not.toContain('spent');
  });

  it('changes no byte and no order, however output comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            channel: fc.constantFrom(STDOUT, STDERR),
            bytes: fc.uint8Array({ minLength: 1, maxLength: 20 }),
            endsTurn: fc.boolean(),
          }),
        ),
        async frames => {
          const passed: Buffer[] = [];
          const any = new OutputTurn({
            now: () => 0,
            onOutput: whole => passed.push(whole),
            onSpent: () => {},
            onNext: () => {},
          });
          for (const { channel, bytes, endsTurn } of frames) {
            any.add(frame(bytes, channel));
            if (endsTurn) await turn();
          }
          await turn();
          expect(spelledOut(passed)).toEqual(
            spelledOut(
              frames.map(({ channel, bytes }) => frame(bytes, channel)),
            ),
          );
        },
      ),
    );
  });
});

/** Each byte with its channel. */
function spelledOut(frames: Buffer[]): string[] {
  return frames.flatMap(([channel, ...bytes]) =>
    bytes.map(byte => `${channel}:${byte}`),
  );
}
