import fc from 'fast-check';
import { isGone } from './errors';
import { readWatchEvents } from './readWatchEvents';
import type { KubeObject, WatchEvent } from './types';

async function* arriving(
  chunks: Array<string | Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  }
}

async function read(
  chunks: Array<string | Uint8Array>,
): Promise<Array<WatchEvent<KubeObject>>> {
  const events = [];
  for await (const each of readWatchEvents(arriving(chunks), 'GET /things')) {
    events.push(each);
  }
  return events;
}

function event(type: string, name: string): object {
  return { type, object: { metadata: { name } } };
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

describe('readWatchEvents', () => {
  it('reads one event a line, bookmarks too', async () => {
    const events = [event('ADDED', 'a'), event('BOOKMARK', '')];

    expect(await read([events.map(line).join('')])).toEqual(events);
  });

  it('reads the same events wherever the stream is cut into chunks, also within a character', async () => {
    const names = fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), {
      maxLength: 5,
    });
    const cuts = fc.array(fc.nat(400), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(names, cuts, async (all, where) => {
        const events = all.map(name => event('MODIFIED', name));
        const bytes = Buffer.from(events.map(line).join(''));
        const ends = [...where, bytes.length]
          .map(end => Math.min(end, bytes.length))
          .sort((a, b) => a - b);
        const chunks = ends.map((end, index) =>
          bytes.subarray(index === 0 ? 0 : ends[index - 1], end),
        );

        expect(await read(chunks)).toEqual(events);
      }),
    );
  });

  it('reads objects that are much longer than a chunk', async () => {
    const long = event('ADDED', 'x'.repeat(1_000_000));
    const bytes = Buffer.from(line(long));
    const chunks = [];
    for (let at = 0; at < bytes.length; at += 16_384) {
      chunks.push(bytes.subarray(at, at + 16_384));
    }

    expect(await read(chunks)).toEqual([long]);
  });

  it('throws what an ERROR event says', async () => {
    const error = {
      type: 'ERROR',
      object: {
        kind: 'Status',
        code: 410,
        reason: 'Expired',
        message: 'too old resource version: 1 (2)',
      },
    };

    const reading = read([line(event('ADDED', 'a')), line(error)]);

    await expect(reading).rejects.toMatchObject({
      status: 410,
      reason: 'Expired',
      message: 'GET /things: too old resource version: 1 (2)',
    });
    await expect(reading.catch(isGone)).resolves.toBe(true);
  });

  it('throws at what is not JSON', async () => {
    await expect(read(['<html>\n'])).rejects.toThrow();
  });

  it('gives up a line that does not end', async () => {
    const chunk = 'x'.repeat(1024 * 1024);

    await expect(read(Array(17).fill(chunk))).rejects.toThrow(
      'A line of the watch does not end',
    );
  });
});
