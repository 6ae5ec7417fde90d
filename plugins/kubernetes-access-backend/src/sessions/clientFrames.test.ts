import { CHANNEL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import fc from 'fast-check';
import { readClientFrame, resizeFrame } from './clientFrames';

function binary(channel: number, payload: string | Uint8Array = '') {
  const data = Buffer.concat([
    Buffer.of(channel),
    typeof payload === 'string' ? Buffer.from(payload) : payload,
  ]);
  return readClientFrame(data, true);
}

const text = (message: string) => readClientFrame(Buffer.from(message), false);

describe('readClientFrame', () => {
  it('takes input as it is, without a copy', () => {
    const data = Buffer.from('\0ls\r');
    const frame = readClientFrame(data, true);
    expect(frame).toEqual({ kind: 'input', frame: data });
    expect(frame.kind === 'input' && frame.frame).toBe(data);
  });

  it('takes a window size', () => {
    expect(binary(CHANNEL.resize, '{"Width":120,"Height":40}')).toEqual({
      kind: 'resize',
      columns: 120,
      rows: 40,
    });
  });

  it('takes an acknowledgement', () => {
    expect(text('{"type":"ack","bytes":65536}')).toEqual({
      kind: 'ack',
      bytes: 65536,
    });
  });

  it('takes an identity, however long tokens are', () => {
    const token = 'x'.repeat(30_000);
    expect(text(JSON.stringify({ type: 'identity', token }))).toEqual({
      kind: 'identity',
      token,
    });
  });

  it.each([
    ['an empty frame', () => readClientFrame(Buffer.alloc(0), true)],
    ['output', () => binary(CHANNEL.stdout, 'x')],
    ['errors', () => binary(CHANNEL.stderr, 'x')],
    ['a status', () => binary(CHANNEL.error, '{"status":"Success"}')],
    ['a close of stdin', () => binary(CHANNEL.close, '\0')],
    ['an unknown channel', () => binary(5, 'x')],
    ['a size that is no JSON', () => binary(CHANNEL.resize, 'wide')],
    ['a size of null', () => binary(CHANNEL.resize, 'null')],
    ['half a size', () => binary(CHANNEL.resize, '{"Width":80}')],
    ['no columns', () => binary(CHANNEL.resize, '{"Width":0,"Height":24}')],
    ['half a row', () => binary(CHANNEL.resize, '{"Width":80,"Height":1.5}')],
    ['a wall', () => binary(CHANNEL.resize, '{"Width":80,"Height":65536}')],
    [
      'a size in words',
      () => binary(CHANNEL.resize, '{"Width":"80","Height":"24"}'),
    ],
    [
      'a size with a novel',
      () =>
        binary(
          CHANNEL.resize,
          `{"Width":80,"Height":24,"a":"${'x'.repeat(300)}"}`,
        ),
    ],
    ['text that is no JSON', () => text('hello')],
    ['another message', () => text('{"type":"exec","bytes":1}')],
    ['an identity of nobody', () => text('{"type":"identity"}')],
    ['an identity in numbers', () => text('{"type":"identity","token":1}')],
    [
      'a token that is too long',
      () => text(`{"type":"identity","token":"${'x'.repeat(40_000)}"}`),
    ],
    ['a negative count', () => text('{"type":"ack","bytes":-1}')],
    ['an endless count', () => text('{"type":"ack","bytes":1e400}')],
    ['a list', () => text('[]')],
  ])('refuses %s', (_, read) => {
    expect(read()).toMatchObject({ kind: 'bad', why: expect.any(String) });
  });

  it('never throws, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.boolean(), (bytes, isBinary) => {
        const { kind } = readClientFrame(Buffer.from(bytes), isBinary);
        expect(['input', 'resize', 'ack', 'bad']).toContain(kind);
      }),
      { numRuns: 500 },
    );
  });
});

describe('resizeFrame', () => {
  it('writes what Kubernetes reads', () => {
    expect(resizeFrame(80, 24).toString()).toBe('\x04{"Width":80,"Height":24}');
  });

  it('is read back as the same size', () => {
    const size = fc.integer({ min: 1, max: 2000 });
    fc.assert(
      fc.property(size, size, (columns, rows) => {
        expect(readClientFrame(resizeFrame(columns, rows), true)).toEqual({
          kind: 'resize',
          columns,
          rows,
        });
      }),
    );
  });
});
