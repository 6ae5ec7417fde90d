import {
  CHANNEL,
  CLOSE_CODES,
  FLOW_CONTROL,
  MAX_CLIENT_FRAME_BYTES,
  SESSION_PROTOCOL,
  TICKET_PROTOCOL_PREFIX,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { deflateRawSync } from 'node:zlib';
import { rawFrame, RawSocket } from '../testUtils/RawSocket';
import { openSessionHarness } from '../testUtils/sessionHarness';
import type { FakeBrowser } from '../testUtils/SessionHost';
import { BASE_PATH, ORIGIN } from '../testUtils/SessionHost';
import { eventually } from '../testUtils/sockets';

type Harness = Awaited<ReturnType<typeof openSessionHarness>>;

jest.setTimeout(60_000);

const stdin = (text: string | Buffer) =>
  Buffer.concat([Buffer.of(CHANNEL.stdin), Buffer.from(text)]);
const stdout = (text: string | Buffer) =>
  Buffer.concat([Buffer.of(CHANNEL.stdout), Buffer.from(text)]);
const resize = (columns: unknown, rows: unknown) =>
  Buffer.concat([
    Buffer.of(CHANNEL.resize),
    Buffer.from(JSON.stringify({ Width: columns, Height: rows })),
  ]);

describe('what a browser can do to the gateway', () => {
  let harness: Harness;
  const raws: RawSocket[] = [];

  beforeEach(async () => {
    harness = await openSessionHarness({ maxPerUser: 50, maxPerRequest: 50 });
  });

  afterEach(async () => {
    raws.splice(0).forEach(raw => raw.destroy());
    await eventually(() => harness.sessions.live.count() === 0);
    saidNothingBad();
    await harness.close();
  });

  /** Backstage swallows what nobody catches; what is said in the log is all there is to see. */
  function saidNothingBad(): void {
    expect(harness.logger.error.mock.calls).toEqual([]);
  }

  async function openTerminal() {
    const request = await harness.activeRequest({
      requester: `user:default/u${harness.execs.length}`,
    });
    const browser = await harness.connect(await harness.ticketFor(request));
    await eventually(() => browser.seen.message('ready') !== undefined);
    return { request, browser, exec: harness.execs.at(-1)! };
  }

  async function openRaw(headers: Record<string, string> = {}) {
    const request = await harness.activeRequest({
      requester: `user:default/r${raws.length}`,
    });
    const { path, ticket } = await harness.ticketFor(request);
    const raw = await RawSocket.upgrade(harness.host.port, BASE_PATH + path, {
      origin: ORIGIN,
      'sec-websocket-protocol': `${SESSION_PROTOCOL}, ${TICKET_PROTOCOL_PREFIX}${ticket}`,
      ...headers,
    });
    raws.push(raw);
    return { raw, request };
  }

  async function openRawTerminal(headers?: Record<string, string>) {
    const { raw, request } = await openRaw(headers);
    await eventually(() => raw.text.includes('"ready"'));
    return { raw, request, exec: harness.execs.at(-1)! };
  }

  const endOf = async (requestId: string) => {
    for (;;) {
      const [row] = await harness.stores.sessions.listByRequest(requestId);
      if (row.state === 'closed') {
        return row.closeReason;
      }
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  };

  describe('in the handshake', () => {
    it.each([
      ['no origin', { origin: '' }],
      ['null', { origin: 'null' }],
      ['a longer name', { origin: `${ORIGIN}.evil.example` }],
      ['a name before it', { origin: 'https://evil-backstage.example.com' }],
      ['another port', { origin: `${ORIGIN}:8443` }],
      ['another scheme', { origin: ORIGIN.replace('https', 'http') }],
      ['other letters', { origin: ORIGIN.toUpperCase() }],
      ['a slash more', { origin: `${ORIGIN}/` }],
      ['a star', { origin: '*' }],
      ['a user', { origin: ORIGIN.replace('//', '//backstage.example.com@') }],
      ['two at once', { origin: `${ORIGIN}, https://evil.example.com` }],
    ])('is refused with %s as origin', async (_, headers) => {
      const { raw } = await openRaw(headers);
      await eventually(() => raw.isClosed);
      expect(raw.status).toBe(403);
      expect(harness.execs).toHaveLength(0);
    });

    it.each([
      ['of an old version', { 'sec-websocket-version': '7' }],
      ['without a key', { 'sec-websocket-key': 'short' }],
      ['for something else', { upgrade: 'h2c' }],
    ])('is refused %s', async (_, headers) => {
      const { raw } = await openRaw(headers);
      await eventually(() => raw.isClosed || raw.status !== undefined);
      expect(raw.status).toBeGreaterThanOrEqual(400);
      expect(harness.execs).toHaveLength(0);
    });

    it('the ticket is never echoed, and neither is compression agreed on', async () => {
      const { raw } = await openRawTerminal({
        'sec-websocket-extensions': 'permessage-deflate',
      });
      const [head] = raw.text.split('\r\n\r\n');
      expect(head).toContain(`Sec-WebSocket-Protocol: ${SESSION_PROTOCOL}`);
      expect(head).not.toContain(TICKET_PROTOCOL_PREFIX);
      expect(head.toLowerCase()).not.toContain('extensions');
    });

    it('may be followed by anything before it is answered, which harms nobody else', async () => {
      const other = await openTerminal();
      const { raw, request } = await openRaw();
      raw.send(
        rawFrame(stdin('early\r')),
        Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      );
      await eventually(() => raw.isClosed || raw.text !== '');
      raw.destroy();
      await harness.clock.advance(31_000);
      expect(await endOf(request.id)).toEqual(expect.any(String));
      expect(other.browser.seen.closed).toBeUndefined();
      other.browser.socket.close();
    });

    it('may break off at any moment', async () => {
      for (const delay of [0, 1, 2, 4, 8, 16]) {
        const { raw, request } = await openRaw();
        await new Promise(resolve => setTimeout(resolve, delay));
        raw.destroy();
        await harness.clock.advance(31_000);
        // As each replica does every few seconds, lest somebody did not get as far as the ticket.
        await harness.stores.sessions.closeUnused('Nobody came.');
        expect(await endOf(request.id)).toEqual(expect.any(String));
      }
      await eventually(() => harness.sessions.live.count() === 0);
      await eventually(() =>
        harness.execs.every(({ arrived }) => arrived.closed !== undefined),
      );
    });
  });

  describe('with frames', () => {
    const bad: Array<[string, () => Buffer[]]> = [
      ['a reserved bit', () => [rawFrame(stdin('x'), { reserved: 1 })]],
      [
        'compression that was not agreed on',
        () => [rawFrame(deflateRawSync(stdin('x')), { reserved: 4 })],
      ],
      ['no mask', () => [rawFrame(stdin('x'), { masked: false })]],
      [
        'an opcode that there is not',
        () => [rawFrame(stdin('x'), { opcode: 5 })],
      ],
      [
        'a continuation of nothing',
        () => [rawFrame(stdin('x'), { opcode: 0 })],
      ],
      [
        'a message within another',
        () => [rawFrame(stdin('x'), { fin: false }), rawFrame(stdin('y'))],
      ],
      ['a ping in pieces', () => [rawFrame('x', { opcode: 9, fin: false })]],
      [
        'a ping that is too long',
        () => [rawFrame('x'.repeat(126), { opcode: 9 })],
      ],
      [
        'text that is not UTF-8',
        () => [rawFrame(Buffer.of(0xc3, 0x28), { opcode: 1 })],
      ],
      [
        'a close code that there is not',
        () => [rawFrame(Buffer.of(0x03, 0xed), { opcode: 8 })],
      ],
      ['half a close code', () => [rawFrame(Buffer.of(3), { opcode: 8 })]],
      [
        'a length beyond all bounds',
        () => [rawFrame('x', { claims: 2 ** 40 })],
      ],
      [
        'one byte too many',
        () => [rawFrame(stdin(Buffer.alloc(MAX_CLIENT_FRAME_BYTES + 1)))],
      ],
      [
        'pieces that are too long together',
        () => [
          rawFrame(stdin(Buffer.alloc(MAX_CLIENT_FRAME_BYTES)), { fin: false }),
          rawFrame(Buffer.alloc(1), { opcode: 0 }),
        ],
      ],
      [
        'more pieces than anybody needs',
        () => [
          rawFrame(stdin('x'), { fin: false }),
          ...Array.from({ length: 20_000 }, () =>
            rawFrame('x', { opcode: 0, fin: false }),
          ),
        ],
      ],
      ['an empty frame', () => [rawFrame('')]],
      ['an unknown channel', () => [rawFrame(Buffer.of(7, 1, 2))]],
      ['the channel of errors', () => [rawFrame(Buffer.of(CHANNEL.error, 1))]],
      ['text in the place of input', () => [rawFrame('ls\r', { opcode: 1 })]],
      ['a window of nonsense', () => [rawFrame(resize(-1, 1e9))]],
      ['a window in words', () => [rawFrame(resize('80', '24'))]],
    ];

    it.each(bad)(
      '%s ends the session as a bad frame, and nothing else',
      async (_, frames) => {
        const other = await openTerminal();
        const { raw, request, exec } = await openRawTerminal();
        raw.send(...frames());
        await eventually(() => exec.arrived.closed !== undefined);
        expect(await endOf(request.id)).toMatch(
          /sent|connection to the browser/,
        );
        await harness.clock.advance(3_000);
        await eventually(() => raw.isClosed);
        expect(exec.arrived.channel(CHANNEL.stdin)).toHaveLength(0);
        other.exec.socket.send(stdout('still here'));
        await eventually(() => other.browser.seen.frames.length === 1);
        other.browser.socket.close();
      },
    );

    it('input in pieces arrives as one', async () => {
      const { raw, exec } = await openRawTerminal();
      raw.send(
        rawFrame(stdin('one '), { fin: false }),
        rawFrame('', { opcode: 9 }),
        rawFrame('two ', { opcode: 0, fin: false }),
        rawFrame('three', { opcode: 0 }),
      );
      await eventually(() => exec.arrived.channel(0).length === 13);
      expect(exec.arrived.channel(0).toString()).toBe('one two three');
      raw.destroy();
    });

    it('characters that are split across frames arrive whole, both ways', async () => {
      const { browser, exec } = await openTerminal();
      const text = Buffer.from('grüße 🙂 日本');
      for (const byte of text) {
        browser.socket.send(stdin(Buffer.of(byte)));
        exec.socket.send(stdout(Buffer.of(byte)));
      }
      await eventually(
        () =>
          exec.arrived.channel(CHANNEL.stdin).length === text.length &&
          browser.seen.channel(CHANNEL.stdout).length === text.length,
      );
      expect(exec.arrived.channel(CHANNEL.stdin)).toEqual(text);
      expect(browser.seen.channel(CHANNEL.stdout)).toEqual(text);
      browser.socket.close();
    });
  });

  describe('with floods', () => {
    it('of pings, without reading: the answers do not pile up', async () => {
      const { raw } = await openRawTerminal();
      raw.socket.pause();
      const ping = rawFrame('x'.repeat(125), { opcode: 9 });
      const many = Buffer.concat(Array.from({ length: 1_000 }, () => ping));
      for (let i = 0; i < 200; i++) {
        if (!raw.socket.write(many)) {
          await new Promise(resolve => raw.socket.once('drain', resolve));
        }
      }
      raw.socket.resume();
      for (let before = -1; before < raw.text.length; ) {
        before = raw.text.length;
        await new Promise(resolve => setTimeout(resolve, 300));
      }
      // 25 MB, if each were answered; what the kernel holds on loopback is some megabytes.
      expect(raw.text.length).toBeLessThan(12 * 1024 * 1024);
      expect(harness.sessions.live.count()).toBe(1);
      raw.destroy();
    });

    it('of window sizes: the shell gets a few, and the last', async () => {
      const { browser, exec } = await openTerminal();
      for (let columns = 1; columns <= 2_000; columns++) {
        browser.socket.send(resize(columns, 24));
      }
      browser.socket.send(stdin('x'));
      await eventually(() => exec.arrived.channel(CHANNEL.stdin).length === 1);
      const sizes = () =>
        exec.arrived.frames.filter(frame => frame[0] === CHANNEL.resize);
      expect(sizes().length).toBeLessThan(30);
      await harness.clock.advance(1_000);
      await eventually(() =>
        sizes().at(-1)!.toString().includes('"Width":2000,'),
      );
      browser.socket.close();
    });

    it('of input, while another one types: whose keys arrive all the same', async () => {
      const flooded = await openTerminal();
      const quiet = await openTerminal();
      quiet.exec.socket.on('message', data => {
        const frame = data as Buffer;
        if (frame[0] === CHANNEL.stdin) {
          quiet.exec.socket.send(stdout(frame.subarray(1)));
        }
      });
      const block = stdin(Buffer.alloc(512 * 1024, 'f'));
      const flood = setInterval(() => {
        if (flooded.browser.socket.bufferedAmount < 8 * 1024 * 1024) {
          flooded.browser.socket.send(block);
        }
      }, 1);
      for (let key = 1; key <= 20; key++) {
        const typedAt = performance.now();
        quiet.browser.socket.send(stdin('k'));
        await eventually(
          () => quiet.browser.seen.channel(CHANNEL.stdout).length === key,
        );
        expect(performance.now() - typedAt).toBeLessThan(5_000);
      }
      clearInterval(flood);
      flooded.browser.socket.terminate();
      quiet.browser.socket.close();
    });

    it('of output that nobody reads: the cluster waits, and others go on', async () => {
      const stuck = await openTerminal();
      const quiet = await openTerminal();
      stuck.browser.socket.pause();
      const block = stdout(Buffer.alloc(32 * 1024, 'o'));
      let sent = 0;
      while (
        sent < 64 &&
        stuck.exec.socket.bufferedAmount < FLOW_CONTROL.high
      ) {
        for (let i = 0; i < 32; i++) {
          stuck.exec.socket.send(block);
        }
        sent += 1;
        await new Promise(resolve => setImmediate(resolve));
      }
      await eventually(() => stuck.exec.socket.bufferedAmount > 0);
      quiet.exec.socket.send(stdout('hello'));
      await eventually(() => quiet.browser.seen.frames.length === 1);
      expect(stuck.browser.seen.closed).toBeUndefined();
      stuck.browser.socket.terminate();
      quiet.browser.socket.close();
    });
  });

  it('a paste of 10 MB in frames of all sizes arrives whole and in order', async () => {
    const { browser, exec } = await openTerminal();
    const paste = Buffer.from(
      Array.from({ length: 1_250_000 }, (_, i) =>
        String(i).padStart(8, '0'),
      ).join(''),
    );
    let at = 0;
    for (let size = 1; at < paste.length; size = Math.min(2 * size, 900_000)) {
      browser.socket.send(stdin(paste.subarray(at, at + size)));
      at += size;
    }
    await eventually(
      () =>
        exec.arrived.frames.reduce(
          (sum, frame) =>
            frame[0] === CHANNEL.stdin ? sum + frame.length - 1 : sum,
          0,
        ) === paste.length,
    );
    expect(exec.arrived.channel(CHANNEL.stdin).equals(paste)).toBe(true);
    expect(browser.seen.closed).toBeUndefined();
    browser.socket.close();
  });

  it('leaves when it says so, in whatever way', async () => {
    const ways: Array<(browser: FakeBrowser) => void> = [
      ({ socket }) => socket.close(1000),
      ({ socket }) => socket.close(4999, 'bye'),
      ({ socket }) => socket.terminate(),
    ];
    for (const leave of ways) {
      const { browser, exec } = await openTerminal();
      leave(browser);
      await eventually(() => exec.arrived.closed !== undefined);
    }
    expect(CLOSE_CODES.normal).toBe(1000);
  });
});
