import {
  CHANNEL,
  CLOSE_CODES,
  FLOW_CONTROL,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import fc from 'fast-check';
import type { WebSocket } from 'ws';
import { ManualClock } from '../testUtils/ManualClock';
import {
  eventually,
  openSocketPair,
  SocketLog,
  type SocketPair,
} from '../testUtils/sockets';
import { CLOSE_GRACE_MS } from './closeBrowser';
import type { SessionEnd } from './endingMessages';
import { ExecBridge } from './ExecBridge';
import { HEARTBEAT_MS } from './Heartbeat';
import { GRACE_BYTES, MAX_REST_MS, OutputShare } from './OutputShare';

const READY = {
  type: 'ready',
  sessionId: 's1',
  expiresAt: '2026-01-15T13:00:00.000Z',
  remainingMs: 3_600_000,
  recorded: true,
} as const;

function frame(channel: number, payload: string | Buffer): Buffer {
  return Buffer.concat([Buffer.of(channel), Buffer.from(payload)]);
}

/** Enough turns of the event loop for whatever is on its way over loopback. */
async function quietly(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 50));
}

function listenersOf(socket: WebSocket): Record<string, number> {
  return Object.fromEntries(
    ['message', 'close', 'pong'].map(event => [
      event,
      socket.listenerCount(event),
    ]),
  );
}

describe('ExecBridge', () => {
  const pairs: SocketPair[] = [];

  afterEach(async () => {
    await Promise.all(pairs.splice(0).map(pair => pair.close()));
  });

  async function setUp(options: { start?: boolean } = {}) {
    const [left, right] = await Promise.all([
      openSocketPair({ maxPayload: 1024 * 1024 + 1 }),
      openSocketPair(),
    ]);
    pairs.push(left, right);
    right.client.pause();
    const clock = new ManualClock();
    const share = new OutputShare(() => clock.monotonic());
    const ends: SessionEnd[] = [];
    const tapped: string[] = [];
    const before = {
      browser: listenersOf(left.server),
      upstream: listenersOf(right.client),
    };
    const bridge = new ExecBridge({
      browser: left.server,
      upstream: right.client,
      clock,
      share,
      tap: {
        output: data => tapped.push(data.subarray(1).toString()),
        resize: (columns, rows) => tapped.push(`${columns}x${rows}`),
      },
      onEnd: end => ends.push(end),
    });
    const test = {
      clock,
      share,
      ends,
      tapped,
      before,
      bridge,
      /** What the person has in front of them. */
      browser: left.client,
      seen: new SocketLog(left.client),
      /** The API server's end. */
      cluster: right.server,
      arrived: new SocketLog(right.server),
      sockets: { browser: left.server, upstream: right.client },
    };
    if (options.start ?? true) {
      bridge.start({ ready: READY, columns: 80, rows: 24 });
    }
    return test;
  }

  it('says that it is ready before any output, also output that came early', async () => {
    const { bridge, cluster, seen } = await setUp({ start: false });
    cluster.send(frame(CHANNEL.stdout, '$ '));
    await quietly();
    bridge.start({ ready: READY, columns: 80, rows: 24 });
    await eventually(() => seen.frames.length === 1);
    expect(seen.order).toEqual(['ready', 'binary']);
    expect(seen.messages).toEqual([READY]);
    expect(seen.frames[0]).toEqual(frame(CHANNEL.stdout, '$ '));
  });

  it('gives the shell its size before any input', async () => {
    const { browser, arrived, tapped } = await setUp();
    browser.send(frame(CHANNEL.stdin, 'ls\r'));
    await eventually(() => arrived.frames.length === 2);
    expect(arrived.frames).toEqual([
      frame(CHANNEL.resize, '{"Width":80,"Height":24}'),
      frame(CHANNEL.stdin, 'ls\r'),
    ]);
    expect(tapped).toEqual(['80x24']);
  });

  it('forwards window sizes, written anew', async () => {
    const { browser, arrived, tapped } = await setUp();
    browser.send(
      frame(CHANNEL.resize, '{ "Height": 50, "Width": 132, "x": "<script>" }'),
    );
    await eventually(() => arrived.frames.length === 2);
    expect(arrived.frames[1]).toEqual(
      frame(CHANNEL.resize, '{"Width":132,"Height":50}'),
    );
    expect(tapped).toEqual(['80x24', '132x50']);
  });

  it('forwards output as it came and shows it to the recording, but never input', async () => {
    const { browser, cluster, seen, tapped } = await setUp();
    browser.send(frame(CHANNEL.stdin, 'secret'));
    cluster.send(frame(CHANNEL.stdout, 'out'));
    cluster.send(frame(CHANNEL.stderr, 'err'));
    await eventually(() => seen.frames.length === 2);
    expect(seen.frames).toEqual([
      frame(CHANNEL.stdout, 'out'),
      frame(CHANNEL.stderr, 'err'),
    ]);
    expect(tapped).toEqual(['80x24', 'out', 'err']);
  });

  it('counts what was typed and printed', async () => {
    const { bridge, browser, cluster, arrived, seen } = await setUp();
    browser.send(frame(CHANNEL.stdin, '12345'));
    cluster.send(frame(CHANNEL.stdout, '123'));
    await eventually(
      () => arrived.frames.length === 2 && seen.frames.length === 1,
    );
    expect(bridge.traffic).toEqual({ bytesIn: 5, bytesOut: 3 });
  });

  it('keeps to itself what is on channels that are not for browsers', async () => {
    const { cluster, seen, ends } = await setUp();
    cluster.send(frame(CHANNEL.stdin, 'x'));
    cluster.send(frame(CHANNEL.close, Buffer.of(CHANNEL.stdin)));
    cluster.send(frame(77, 'x'));
    cluster.send(frame(CHANNEL.stdout, ''));
    cluster.send(Buffer.alloc(0));
    cluster.send(frame(CHANNEL.stdout, 'still here'));
    await eventually(() => seen.frames.length > 0);
    expect(seen.frames).toEqual([frame(CHANNEL.stdout, 'still here')]);
    expect(ends).toEqual([]);
  });

  it('tells the exit code and closes normally when the shell ends', async () => {
    const { browser, cluster, arrived, seen, ends } = await setUp();
    browser.send(frame(CHANNEL.stdin, 'exit 3\r'));
    await eventually(() => arrived.frames.length === 2);
    cluster.send(frame(CHANNEL.stdout, 'bye'));
    cluster.send(
      frame(
        CHANNEL.error,
        JSON.stringify({
          status: 'Failure',
          reason: 'NonZeroExitCode',
          details: { causes: [{ reason: 'ExitCode', message: '3' }] },
        }),
      ),
    );
    cluster.close(1000);
    await eventually(() => seen.closed !== undefined);
    expect(seen.order).toEqual(['ready', 'binary', 'exit', 'ending']);
    expect(seen.message('exit')).toEqual({ type: 'exit', code: 3 });
    expect(seen.closed).toEqual({ code: CLOSE_CODES.normal, reason: 'normal' });
    expect(ends).toEqual([{ reason: 'normal', message: 'The shell ended.' }]);
  });

  it('closes by itself when the cluster forgets to after the shell has ended', async () => {
    const { clock, cluster, seen, bridge } = await setUp();
    cluster.send(frame(CHANNEL.error, '{"status":"Success"}'));
    cluster.send(frame(CHANNEL.stdout, 'last'));
    await eventually(() => seen.frames.length === 1);
    expect(bridge.traffic.bytesOut).toBe(4);
    await clock.advance(5_000);
    await eventually(() => seen.closed !== undefined);
    expect(seen.closed?.code).toBe(CLOSE_CODES.normal);
  });

  it('says in plain words that a container has no shell', async () => {
    const { cluster, seen } = await setUp();
    cluster.send(
      frame(
        CHANNEL.error,
        JSON.stringify({
          status: 'Failure',
          reason: 'InternalError',
          message: 'exec: "sh": executable file not found in $PATH',
        }),
      ),
    );
    cluster.close(1000);
    await eventually(() => seen.closed !== undefined);
    expect(seen.closed?.code).toBe(CLOSE_CODES.noShell);
    expect(seen.message('exit')).toBeUndefined();
    expect(seen.message('ending')).toMatchObject({
      reason: 'noShell',
      message: expect.stringContaining('no shell'),
    });
  });

  it('takes a command that could not be run for no end of a shell, and keeps the details from the browser', async () => {
    const { cluster, seen } = await setUp();
    cluster.send(
      frame(
        CHANNEL.error,
        JSON.stringify({
          status: 'Failure',
          reason: 'InternalError',
          message:
            'error sending request: Post "https://10.0.0.7:10250/exec/payments/api/app?command=sh": connection refused',
        }),
      ),
    );
    cluster.close(1000);
    await eventually(() => seen.closed !== undefined);
    expect(seen.closed?.code).toBe(CLOSE_CODES.upstream);
    expect(seen.message('exit')).toBeUndefined();
    expect(JSON.stringify(seen.messages)).not.toContain('10.0.0.7');
  });

  it.each([
    ['closes without a status', (cluster: WebSocket) => cluster.close(1011)],
    ['disappears', (cluster: WebSocket) => cluster.terminate()],
    ['speaks in text', (cluster: WebSocket) => cluster.send('hello')],
  ])('says so when the cluster %s', async (_, fail) => {
    const { cluster, seen } = await setUp();
    fail(cluster);
    await eventually(() => seen.closed !== undefined);
    expect(seen.closed?.code).toBe(CLOSE_CODES.upstream);
    expect(seen.message('ending')).toMatchObject({ reason: 'upstream' });
  });

  it('ends the stream to the cluster when the browser closes', async () => {
    const { browser, arrived, ends } = await setUp();
    browser.close(1000);
    await eventually(() => arrived.closed !== undefined);
    expect(ends).toEqual([
      { reason: 'normal', message: 'The terminal was closed.' },
    ]);
  });

  it('ends the stream to the cluster when the browser disappears', async () => {
    const { browser, arrived, ends } = await setUp();
    browser.terminate();
    await eventually(() => arrived.closed !== undefined);
    expect(ends[0].reason).toBe('goingAway');
  });

  it.each([
    ['a channel that is not for it', frame(CHANNEL.stdout, 'x')],
    ['a close of stdin', frame(CHANNEL.close, '\0')],
    ['a size that is none', frame(CHANNEL.resize, '{"Width":-1}')],
    ['an empty frame', Buffer.alloc(0)],
    ['text that is none of ours', 'hello'],
  ])('closes a browser that sends %s', async (_, data) => {
    const { browser, arrived, seen } = await setUp();
    browser.send(data);
    await eventually(() => seen.closed !== undefined);
    expect(seen.closed?.code).toBe(CLOSE_CODES.badFrame);
    expect(arrived.frames).toHaveLength(1);
    await eventually(() => arrived.closed !== undefined);
  });

  it('closes a browser whose frame is too large', async () => {
    const { browser, seen, ends, arrived } = await setUp();
    browser.send(Buffer.alloc(2 * 1024 * 1024));
    await eventually(() => seen.closed !== undefined && ends.length > 0);
    expect(ends[0].reason).toBe('badFrame');
    await eventually(() => arrived.closed !== undefined);
  });

  it('survives whatever bytes either side sends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            fromBrowser: fc.boolean(),
            binary: fc.boolean(),
            data: fc.uint8Array({ maxLength: 64 }),
          }),
          { maxLength: 20 },
        ),
        async steps => {
          const { browser, cluster, bridge, ends, before, sockets } =
            await setUp();
          for (const { fromBrowser, binary, data } of steps) {
            (fromBrowser ? browser : cluster).send(data, { binary });
          }
          await new Promise(resolve => setImmediate(resolve));
          bridge.end({ reason: 'goingAway', message: 'The test is over.' });
          expect(ends).toHaveLength(1);
          expect(listenersOf(sockets.upstream)).toEqual(before.upstream);
          await Promise.all(pairs.splice(0).map(pair => pair.close()));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('stops reading from the cluster while the browser does not keep up', async () => {
    const { browser, cluster, seen, sockets } = await setUp();
    const chunk = frame(CHANNEL.stdout, Buffer.alloc(32 * 1024, 'x'));
    for (let i = 0; i < 128; i++) {
      cluster.send(chunk);
    }
    await eventually(() => sockets.upstream.isPaused);
    await quietly();
    const held = seen.channel(CHANNEL.stdout).length;
    expect(held).toBeGreaterThan(FLOW_CONTROL.high);
    expect(held).toBeLessThan(FLOW_CONTROL.high + 256 * 1024);

    let acknowledged = 0;
    const total = 128 * 32 * 1024;
    await eventually(() => {
      const received = seen.channel(CHANNEL.stdout).length;
      if (received > acknowledged) {
        browser.send(
          JSON.stringify({ type: 'ack', bytes: received - acknowledged }),
        );
        acknowledged = received;
      }
      return received === total;
    });
    expect(sockets.upstream.isPaused).toBe(false);
  });

  describe('beside others who want something of the host', () => {
    const flood = frame(CHANNEL.stdout, Buffer.alloc(3 * GRACE_BYTES, 'x'));
    const OTHER = {};

    it('lets a flood rest, and loses nothing', async () => {
      const { clock, share, cluster, seen, sockets } = await setUp();
      share.noteRequest();
      for (let sent = 1; sent < flood.length; sent += 1024) {
        cluster.send(frame(CHANNEL.stdout, flood.subarray(sent, sent + 1024)));
      }
      await eventually(() => sockets.upstream.isPaused);
      await quietly();
      expect(sockets.upstream.isPaused).toBe(true);
      const before = seen.channel(CHANNEL.stdout).length;
      expect(before).toBeLessThan(flood.length - 1);

      await clock.advance(MAX_REST_MS);
      await eventually(
        () => seen.channel(CHANNEL.stdout).length === flood.length - 1,
      );
    });

    it('leaves nothing behind when the session ends in such a rest', async () => {
      const { bridge, clock, share, cluster, sockets } = await setUp();
      share.noteInput(OTHER);
      for (let sent = 1; sent < flood.length; sent += 1024) {
        cluster.send(frame(CHANNEL.stdout, flood.subarray(sent, sent + 1024)));
      }
      await eventually(() => sockets.upstream.isPaused);
      await quietly();
      bridge.end({ reason: 'revoked', message: 'Olga ended the access.' });
      await clock.advance(CLOSE_GRACE_MS);
      expect(clock.pending).toBe(0);
    });
  });

  it('does not grow for a browser that acknowledges without reading', async () => {
    const { browser, cluster, sockets } = await setUp();
    browser.pause();
    const chunk = frame(CHANNEL.stdout, Buffer.alloc(32 * 1024, 'x'));
    for (let i = 0; i < 1024; i++) {
      cluster.send(chunk);
      browser.send(JSON.stringify({ type: 'ack', bytes: 32 * 1024 }));
    }
    await eventually(() => sockets.upstream.isPaused);
    await quietly();
    expect(sockets.browser.bufferedAmount).toBeLessThan(
      FLOW_CONTROL.high + 256 * 1024,
    );
  });

  it('stops reading from the browser while the cluster does not keep up, and loses nothing', async () => {
    const { browser, cluster, arrived, sockets } = await setUp();
    cluster.pause();
    const paste = Buffer.alloc(1024 * 1024, 'p');
    for (let i = 0; i < 16; i++) {
      browser.send(frame(CHANNEL.stdin, paste));
    }
    await eventually(() => sockets.browser.isPaused);
    expect(sockets.upstream.bufferedAmount).toBeLessThan(4 * 1024 * 1024);
    cluster.resume();
    await eventually(
      () => arrived.channel(CHANNEL.stdin).length === 16 * paste.length,
    );
    expect(sockets.browser.isPaused).toBe(false);
  });

  it('does not deadlock when a paste is echoed by a shell that reads only as it writes', async () => {
    const { browser, cluster, seen, arrived } = await setUp();
    const size = 8 * 1024 * 1024;
    // As a pty does: what is read is written back, and nothing is read while that does not drain.
    cluster.on('message', data => {
      const input = data as Buffer;
      if (input[0] !== CHANNEL.stdin) {
        return;
      }
      cluster.pause();
      cluster.send(frame(CHANNEL.stdout, input.subarray(1)), () =>
        cluster.resume(),
      );
    });
    let acknowledged = 0;
    browser.on('message', () => {
      const received = seen.channel(CHANNEL.stdout).length;
      browser.send(
        JSON.stringify({ type: 'ack', bytes: received - acknowledged }),
      );
      acknowledged = received;
    });
    for (let sent = 0; sent < size; sent += 256 * 1024) {
      browser.send(frame(CHANNEL.stdin, Buffer.alloc(256 * 1024, 'p')));
    }
    await eventually(() => seen.channel(CHANNEL.stdout).length === size);
    expect(arrived.channel(CHANNEL.stdin)).toHaveLength(size);
  });

  it('ends a session whose browser no longer answers', async () => {
    const { clock, sockets, ends, browser, arrived } = await setUp();
    // A peer that was switched off: it neither reads nor answers.
    browser.pause();
    await clock.advance(HEARTBEAT_MS);
    await clock.advance(HEARTBEAT_MS);
    expect(ends[0]?.reason).toBe('goingAway');
    await eventually(() => arrived.closed !== undefined);
    await clock.advance(CLOSE_GRACE_MS);
    expect(sockets.browser.readyState).toBeGreaterThan(1);
  });

  it('keeps a session whose sides answer', async () => {
    const { clock, ends, browser, cluster } = await setUp();
    const pings: string[] = [];
    browser.on('ping', () => pings.push('browser'));
    cluster.on('ping', () => pings.push('cluster'));
    for (const count of [2, 4, 6]) {
      await clock.advance(HEARTBEAT_MS);
      await eventually(() => pings.length === count);
      await quietly();
    }
    expect(ends).toEqual([]);
  });

  it('cuts both sides at once and says why', async () => {
    const { bridge, cluster, seen, arrived, sockets } = await setUp();
    const flood = setInterval(
      () => cluster.send(frame(CHANNEL.stdout, 'more')),
      1,
    );
    await eventually(() => seen.frames.length > 3);
    bridge.end({ reason: 'revoked', message: 'Olga ended the access.' });
    expect(sockets.upstream.readyState).not.toBe(sockets.upstream.OPEN);
    await eventually(
      () => seen.closed !== undefined && arrived.closed !== undefined,
    );
    clearInterval(flood);
    expect(seen.closed).toEqual({
      code: CLOSE_CODES.revoked,
      reason: 'revoked',
    });
    expect(seen.message('ending')).toEqual({
      type: 'ending',
      reason: 'revoked',
      message: 'Olga ended the access.',
    });
    expect(seen.order[seen.order.length - 1]).toBe('ending');
  });

  it('leaves no listener and no timer behind', async () => {
    const { bridge, clock, seen, before, sockets, ends } = await setUp();
    bridge.end({ reason: 'expired', message: 'Your time is up.' });
    bridge.end({ reason: 'revoked', message: 'Too late.' });
    await eventually(() => seen.closed !== undefined);
    await eventually(
      () => sockets.browser.readyState === sockets.browser.CLOSED,
    );
    expect(ends).toEqual([{ reason: 'expired', message: 'Your time is up.' }]);
    expect(listenersOf(sockets.browser)).toEqual(before.browser);
    expect(listenersOf(sockets.upstream)).toEqual(before.upstream);
    expect(clock.pending).toBe(0);
  });

  it('does not start when one side is gone already', async () => {
    const { bridge, cluster, sockets, seen } = await setUp({ start: false });
    sockets.upstream.resume();
    cluster.terminate();
    await eventually(
      () => sockets.upstream.readyState === sockets.upstream.CLOSED,
    );
    bridge.start({ ready: READY, columns: 80, rows: 24 });
    await eventually(() => seen.closed !== undefined);
    expect(seen.order).toEqual(['ending']);
    expect(seen.closed?.code).toBe(CLOSE_CODES.upstream);
  });
});
