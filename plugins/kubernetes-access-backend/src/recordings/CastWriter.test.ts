import fc from 'fast-check';
import { CastWriter } from './CastWriter';

const START = Date.parse('2026-01-15T12:00:00.000Z');

function linesOf(text: string): unknown[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line));
}

function outputOf(lines: unknown[]): string {
  return lines
    .filter((line): line is [number, string, string] => Array.isArray(line))
    .filter(([, kind]) => kind === 'o')
    .map(([, , text]) => text)
    .join('');
}

describe('CastWriter', () => {
  it('begins with a header that has the first size', () => {
    const writer = new CastWriter(START);
    expect(linesOf(writer.resize(0, 120, 40))).toEqual([
      {
        version: 2,
        width: 120,
        height: 40,
        timestamp: START / 1000,
        env: { TERM: 'xterm-256color' },
      },
    ]);
  });

  it('keeps output back until there is a size', () => {
    const writer = new CastWriter(START);
    expect(writer.output(5, 1, Buffer.from('early'))).toBe('');
    const lines = linesOf(writer.resize(10, 80, 24));
    expect(lines[0]).toMatchObject({ version: 2, width: 80, height: 24 });
    expect(lines[1]).toEqual([0.005, 'o', 'early']);
  });

  it('does not grow while it waits for a size', () => {
    const writer = new CastWriter(START);
    for (let i = 0; i < 100; i++) {
      writer.output(i, 1, Buffer.alloc(10_000, 'x'));
    }
    expect(writer.resize(100, 80, 24).length).toBeLessThan(70_000);
  });

  it('writes later sizes as resize events', () => {
    const writer = new CastWriter(START);
    writer.resize(0, 80, 24);
    expect(linesOf(writer.resize(1500, 100, 30))).toEqual([
      [1.5, 'r', '100x30'],
    ]);
  });

  it('puts a character together whose bytes come in two frames', () => {
    const writer = new CastWriter(START);
    writer.resize(0, 80, 24);
    const euro = Buffer.from('€');
    expect(writer.output(1, 1, euro.subarray(0, 2))).toBe('');
    expect(linesOf(writer.output(2, 1, euro.subarray(2)))).toEqual([
      [0.002, 'o', '€'],
    ]);
  });

  it('does not mix up characters of two streams', () => {
    const writer = new CastWriter(START);
    writer.resize(0, 80, 24);
    const euro = Buffer.from('€');
    writer.output(1, 1, euro.subarray(0, 1));
    expect(linesOf(writer.output(2, 2, Buffer.from('!')))).toEqual([
      [0.002, 'o', '!'],
    ]);
    expect(linesOf(writer.output(3, 1, euro.subarray(1)))).toEqual([
      [0.003, 'o', '€'],
    ]);
  });

  it('ends with what is left of an unfinished character', () => {
    const writer = new CastWriter(START);
    writer.resize(0, 80, 24);
    writer.output(1, 1, Buffer.from('€').subarray(0, 2));
    expect(outputOf(linesOf(writer.end(2)))).toBe('\ufffd');
  });

  it('writes the same text however it is cut into frames', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        (text, sizes) => {
          const bytes = Buffer.from(text);
          const writer = new CastWriter(START);
          let cast = writer.resize(0, 80, 24);
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = sizes[i % sizes.length];
            cast += writer.output(i, 1, bytes.subarray(at, at + size));
            at += size;
          }
          cast += writer.end(1000);
          expect(outputOf(linesOf(cast))).toBe(bytes.toString('utf8'));
        },
      ),
    );
  });

  it('never throws and always writes whole lines, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), frames => {
        const writer = new CastWriter(START);
        let cast = writer.resize(0, 80, 24);
        frames.forEach((frame, i) => {
          cast += writer.output(i, 1 + (i % 2), Buffer.from(frame));
        });
        cast += writer.end(1000);
        expect(() => linesOf(cast)).not.toThrow();
        expect(cast.endsWith('\n')).toBe(true);
      }),
    );
  });
});
