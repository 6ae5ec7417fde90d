import {
  CHANNEL,
  CLOSE_CODES,
  type CloseCodeName,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { createHash } from 'node:crypto';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { podsPath } from '../kubernetes';
import { openExec } from '../kubernetes/openExec';
import { rawAnswer } from '../testUtils/FakeApiServer';
import { rawFrame } from '../testUtils/RawSocket';
import { aPod, openSessionHarness, PLACE } from '../testUtils/sessionHarness';
import { eventually } from '../testUtils/sockets';

type Harness = Awaited<ReturnType<typeof openSessionHarness>>;

jest.setTimeout(60_000);

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const SUCCESS = '{"metadata":{},"status":"Success"}';

/** Accepts an upgrade as an API server does. */
function accept(socket: Socket, request: string, accepted?: string): void {
  const key = /sec-websocket-key: (.+)\r\n/i.exec(request)?.[1];
  const digest = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  socket.write(
    [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${accepted ?? digest}`,
      'Sec-WebSocket-Protocol: v5.channel.k8s.io',
      '',
      '',
    ].join('\r\n'),
  );
}

const frame = (
  channel: number,
  payload: string | Buffer,
  options: Parameters<typeof rawFrame>[1] = {},
) =>
  rawFrame(Buffer.concat([Buffer.of(channel), Buffer.from(payload)]), {
    masked: false,
    ...options,
  });

/** What a cluster does with a connection, once it has read the request. */
type Behaviour = (socket: Socket, request: string) => void;

describe('what a cluster can do to a session', () => {
  let harness: Harness;
  let server: Server;
  let behave: Behaviour;
  let https: boolean;
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    https = false;
    harness = await openSessionHarness();
    server = createServer(socket => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
      socket.once('data', data => behave(socket, data.toString('latin1')));
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    harness.connection.openExec = async request =>
      openExec(
        {
          server: `${https ? 'https' : 'http'}://127.0.0.1:${port}`,
          tls: {},
          authorize: async () => ({}),
        },
        { ...request, timeoutMs: 500 },
      );
  });

  afterEach(async () => {
    sockets.forEach(socket => socket.destroy());
    await new Promise(resolve => server.close(resolve));
    await harness.close();
  });

  async function open(requester = 'user:default/ada') {
    const request = await harness.activeRequest({ requester });
    const ticket = await harness.ticketFor(request);
    const browser = await harness.connect(ticket);
    return { request, browser };
  }

  type Opened = Awaited<ReturnType<typeof open>>;

  /** Time goes on while the other side does what it does. */
  async function ends({ browser }: Opened): Promise<void> {
    while (!browser.seen.closed) {
      await harness.clock.advance(250);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }

  /** One closed row, one event that says how it ended, and nothing held any more. */
  async function leavesNothing({ request }: Opened): Promise<string[]> {
    const row = async () =>
      (await harness.stores.sessions.listByRequest(request.id))[0];
    while ((await row()).state !== 'closed') {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    expect(harness.sessions.live.count()).toBe(0);
    await eventually(() => sockets.size === 0);
    await harness.clock.advance(60_000);
    expect(harness.clock.pending).toBe(0);
    expect(harness.logger.error.mock.calls).toEqual([]);
    const events = await harness.stores.audit.read(request.id);
    return events
      .filter(({ eventId }) =>
        ['session-close', 'access-refused'].includes(eventId),
      )
      .map(({ eventId }) => eventId);
  }

  const refusals: Array<[string, CloseCodeName, Behaviour]> = [
    [
      '400',
      'podGone',
      socket => socket.end(rawAnswer(400, 'container not found')),
    ],
    ['401', 'upstream', socket => socket.end(rawAnswer(401, 'Unauthorized'))],
    ['403', 'upstream', socket => socket.end(rawAnswer(403, 'Forbidden'))],
    ['404', 'podGone', socket => socket.end(rawAnswer(404, 'not found'))],
    ['409', 'upstream', socket => socket.end(rawAnswer(409, 'Conflict'))],
    ['429', 'upstream', socket => socket.end(rawAnswer(429, 'slow down'))],
    [
      '500',
      'upstream',
      socket => socket.end(rawAnswer(500, 'etcd is on fire')),
    ],
    ['503', 'upstream', socket => socket.end(rawAnswer(503, 'not now'))],
    ['200', 'upstream', socket => socket.end(rawAnswer(200, 'hello'))],
    [
      'a redirect',
      'upstream',
      socket =>
        socket.end(
          'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n',
        ),
    ],
    [
      'garbage',
      'upstream',
      socket => socket.end('\x00\x01\x02 what? \r\n\r\n'),
    ],
    [
      'headers without end',
      'upstream',
      socket => socket.end(`HTTP/1.1 101 OK\r\n${'x: y\r\n'.repeat(50_000)}`),
    ],
    ['silence', 'upstream', () => {}],
    [
      'half a handshake, and closes',
      'upstream',
      socket => socket.end('HTTP/1.1 101 Switching'),
    ],
    [
      'half a handshake, and waits',
      'upstream',
      socket => socket.write('HTTP/1.1 101 Switching'),
    ],
    ['a close', 'upstream', socket => socket.destroy()],
    [
      'a handshake for somebody else',
      'upstream',
      (socket, request) => accept(socket, request, 'AAAA'),
    ],
    [
      'a refusal that never ends',
      'upstream',
      socket =>
        socket.write('HTTP/1.1 500 No\r\ncontent-length: 100000000\r\n\r\n{'),
    ],
  ];

  it.each(refusals)(
    'answers an exec with %s: refused, in words',
    async (_, code, behaviour) => {
      behave = behaviour;
      const opened = await open();
      await ends(opened);
      const { seen } = opened.browser;
      expect(seen.closed?.code).toBe(CLOSE_CODES[code]);
      expect(seen.message('ending')?.message).toMatch(/^The (cluster|pod)/);
      expect(JSON.stringify(seen.messages)).not.toMatch(
        /fire|127\.0\.0\.1|AAAA/,
      );
      expect(await leavesNothing(opened)).toEqual(['access-refused']);
    },
  );

  it('speaks no TLS where it should: refused, in words', async () => {
    https = true;
    behave = socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    const opened = await open();
    await ends(opened);
    expect(opened.browser.seen.closed?.code).toBe(CLOSE_CODES.upstream);
    expect(await leavesNothing(opened)).toEqual(['access-refused']);
  });

  /** After the upgrade, and before or after the first output. */
  const breaks: Array<[string, (socket: Socket) => void]> = [
    ['closes', socket => socket.destroy()],
    [
      'closes in order',
      socket =>
        socket.end(
          rawFrame(Buffer.of(0x03, 0xe8), { opcode: 8, masked: false }),
        ),
    ],
    [
      'breaks off in the middle of a frame',
      socket => socket.end(frame(CHANNEL.stdout, 'half', { claims: 1000 })),
    ],
    [
      'sends a reserved bit',
      socket => socket.write(frame(CHANNEL.stdout, 'x', { reserved: 2 })),
    ],
    [
      'sends what is compressed',
      socket => socket.write(frame(CHANNEL.stdout, 'x', { reserved: 4 })),
    ],
    [
      'sends text',
      socket => socket.write(frame(CHANNEL.stdout, 'x', { opcode: 1 })),
    ],
    [
      'sends a masked frame',
      socket => socket.write(frame(CHANNEL.stdout, 'x', { masked: true })),
    ],
    [
      'sends an opcode that there is not',
      socket => socket.write(frame(CHANNEL.stdout, 'x', { opcode: 3 })),
    ],
    [
      'sends a frame without end',
      socket => socket.write(frame(CHANNEL.stdout, 'x', { claims: 2 ** 33 })),
    ],
    [
      'sends a close code that there is not',
      socket =>
        socket.write(rawFrame(Buffer.of(0, 1), { opcode: 8, masked: false })),
    ],
    [
      'sends a close reason that is not UTF-8',
      socket =>
        socket.write(
          rawFrame(Buffer.of(0x03, 0xe8, 0xc3, 0x28), {
            opcode: 8,
            masked: false,
          }),
        ),
    ],
  ];

  it.each(breaks)(
    '%s right after the upgrade: the session ends, in words',
    async (_, breakOff) => {
      behave = (socket, request) => {
        accept(socket, request);
        setTimeout(() => breakOff(socket), 20);
      };
      const opened = await open();
      await ends(opened);
      expect(opened.browser.seen.closed?.code).toBe(CLOSE_CODES.upstream);
      expect(opened.browser.seen.message('ending')?.message).toMatch(/^The /);
      expect(await leavesNothing(opened)).toHaveLength(1);
    },
  );

  it.each(breaks)(
    '%s after some output: the output is there, and the session ends, in words',
    async (_, breakOff) => {
      behave = (socket, request) => {
        accept(socket, request);
        socket.write(frame(CHANNEL.stdout, 'so far'));
        socket.once('data', () => breakOff(socket));
      };
      const opened = await open();
      await ends(opened);
      const { seen } = opened.browser;
      expect(seen.channel(CHANNEL.stdout).toString()).toMatch(/^so far/);
      expect(seen.closed?.code).toBe(CLOSE_CODES.upstream);
      expect(await leavesNothing(opened)).toEqual(['session-close']);
    },
  );

  it.each<[string, Buffer[]]>([
    ['nothing', [rawFrame('', { masked: false })]],
    ['empty output', [frame(CHANNEL.stdout, '')]],
    ['unknown channels', [frame(5, 'x'), frame(200, 'y'), frame(255, '')]],
    ['input back', [frame(CHANNEL.stdin, 'x')]],
    [
      'a status that is no JSON',
      [frame(CHANNEL.error, 'oops'), frame(CHANNEL.error, '{"a')],
    ],
    [
      'a status that is too long',
      [frame(CHANNEL.error, Buffer.alloc(200_000, '{'))],
    ],
    [
      'a status in very many pieces',
      Array.from({ length: 5_000 }, () => frame(CHANNEL.error, '{')),
    ],
    ['a status that is a list of nothing', [frame(CHANNEL.error, '[null]')]],
    [
      'many pings',
      Array.from({ length: 5_000 }, () =>
        rawFrame('x', { opcode: 9, masked: false }),
      ),
    ],
    [
      'output in pieces',
      [
        frame(CHANNEL.stdout, 'a', { fin: false }),
        rawFrame('b', { opcode: 0, masked: false }),
      ],
    ],
  ])('sends %s: the session goes on', async (_, frames) => {
    behave = (socket, request) => {
      accept(socket, request);
      frames.forEach(each => socket.write(each));
      socket.write(frame(CHANNEL.stdout, 'END'));
    };
    const opened = await open();
    const { seen, socket } = opened.browser;
    await eventually(() =>
      /END$/.test(seen.channel(CHANNEL.stdout).toString()),
    );
    expect(seen.closed).toBeUndefined();
    socket.close();
    await leavesNothing(opened);
  });

  it('does not answer pings any more: the session ends', async () => {
    behave = (socket, request) => {
      accept(socket, request);
      socket.on('data', () => {});
    };
    const opened = await open();
    await eventually(() => opened.browser.seen.message('ready') !== undefined);
    await ends(opened);
    expect(opened.browser.seen.message('ending')?.message).toContain('lost');
    expect(await leavesNothing(opened)).toEqual(['session-close']);
  });

  it('says that the shell has ended, and never closes: the session ends', async () => {
    behave = (socket, request) => {
      accept(socket, request);
      socket.write(frame(CHANNEL.error, SUCCESS));
    };
    const opened = await open();
    await ends(opened);
    expect(opened.browser.seen.message('exit')).toMatchObject({ code: 0 });
    expect(opened.browser.seen.closed?.code).toBe(CLOSE_CODES.normal);
    expect(await leavesNothing(opened)).toEqual(['session-close']);
  });

  describe('takes the container away', () => {
    const killed = JSON.stringify({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '137' }] },
    });
    const path = podsPath('payments');
    const podWith = (change: (pod: ReturnType<typeof aPod>) => void) => {
      const { uid } = harness.client.objects.get(
        `${path}/${PLACE.pod}`,
      )!.metadata;
      const pod = structuredClone(aPod());
      pod.metadata.uid = uid;
      change(pod);
      harness.client.put(path, pod);
    };

    it.each<[string, RegExp, () => void]>([
      [
        'a deleted pod',
        /was deleted\.$/,
        () => harness.client.objects.delete(`${path}/${PLACE.pod}`),
      ],
      [
        'a pod on its way out',
        /is being deleted/,
        () =>
          podWith(pod => {
            pod.metadata.deletionTimestamp = '2026-01-15T12:00:00Z';
          }),
      ],
      [
        'a replaced pod',
        /another one has its name/,
        () =>
          podWith(pod => {
            pod.metadata.uid = 'uid-new';
          }),
      ],
      [
        'an evicted pod',
        /was evicted/,
        () =>
          podWith(pod => {
            pod.status!.phase = 'Failed';
            pod.status!.reason = 'Evicted';
          }),
      ],
      [
        'a restarted container',
        /was restarted/,
        () =>
          podWith(pod => {
            pod.status!.containerStatuses![0].containerID = 'c://2';
          }),
      ],
      [
        'a container without memory',
        /has ended \(OOMKilled\)/,
        () =>
          podWith(pod => {
            pod.status!.containerStatuses![0].state = {
              terminated: { reason: 'OOMKilled' },
            };
          }),
      ],
      [
        'a container that crashes',
        /CrashLoopBackOff/,
        () =>
          podWith(pod => {
            pod.status!.containerStatuses![0].state = {
              waiting: { reason: 'CrashLoopBackOff' },
            };
          }),
      ],
    ])('with %s: that is what the terminal says', async (_, words, take) => {
      const lasts = [frame(CHANNEL.error, killed), Buffer.alloc(0)];
      for (const [index, last] of lasts.entries()) {
        behave = (socket, request) => {
          accept(socket, request);
          socket.once('data', () => {
            take();
            socket.end(last);
          });
        };
        harness.client.put(path, aPod());
        const opened = await open(`user:default/u${index}`);
        await ends(opened);
        const { seen } = opened.browser;
        expect(seen.closed?.code).toBe(CLOSE_CODES.podGone);
        expect(seen.message('ending')?.message).toMatch(words);
        expect(seen.message('exit')).toBeUndefined();
        await leavesNothing(opened);
      }
    });

    it('not at all: a shell that killed itself ended by itself', async () => {
      behave = (socket, request) => {
        accept(socket, request);
        socket.once('data', () => socket.end(frame(CHANNEL.error, killed)));
      };
      const opened = await open();
      await ends(opened);
      expect(opened.browser.seen.message('exit')).toMatchObject({ code: 137 });
      expect(opened.browser.seen.closed?.code).toBe(CLOSE_CODES.normal);
      await leavesNothing(opened);
    });

    it('while the request is revoked: that comes first', async () => {
      behave = (socket, request) => {
        accept(socket, request);
        socket.once('data', () => socket.end(frame(CHANNEL.error, killed)));
      };
      const opened = await open();
      await eventually(
        () => opened.browser.seen.message('ready') !== undefined,
      );
      await eventually(() => sockets.size === 0);
      harness.sessions.live.cut(opened.request.id, {
        reason: 'revoked',
        message: 'olga revoked the access.',
      });
      await ends(opened);
      expect(opened.browser.seen.closed?.code).toBe(CLOSE_CODES.revoked);
      await leavesNothing(opened);
    });
  });
});
