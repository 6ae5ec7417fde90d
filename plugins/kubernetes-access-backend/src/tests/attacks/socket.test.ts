import { mockCredentials } from '@backstage/backend-test-utils';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import {
  CLOSE_CODES,
  SESSION_PROTOCOL,
  TICKET_PROTOCOL_PREFIX,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { WebSocket } from 'ws';
import { BROWSER_ORIGIN } from '../../testUtils/backendFeatures';
import { rawFrame, RawSocket } from '../../testUtils/RawSocket';
import { LogTrap } from '../../testUtils/secrets/LogTrap';
import { TestBackend } from '../../testUtils/TestBackend';

jest.setTimeout(60_000);

const SESSION = '01jcm0000000000000000000aa';
const BASE = '/api/kubernetes-access';
const PATH = `${BASE}/sessions/${SESSION}/ws`;
const TICKET = randomBytes(32).toString('base64url');
const PROTOCOLS = `${SESSION_PROTOCOL}, ${TICKET_PROTOCOL_PREFIX}${TICKET}`;

const bearer = (header: string) => ({ authorization: header });

/** Headers of a browser of ours with a ticket that there never was. */
const OURS = { origin: BROWSER_ORIGIN, 'sec-websocket-protocol': PROTOCOLS };

describe('the socket of a whole Backstage back end', () => {
  let backend: TestBackend;
  let log: LogTrap;
  const raws: RawSocket[] = [];

  beforeAll(async () => {
    log = new LogTrap();
    backend = await TestBackend.start({
      kubernetesAccess: { clusters: [] },
      rootLogger: log.factory,
    });
  });

  afterEach(async () => {
    raws.splice(0).forEach(raw => raw.destroy());
    await expectAnswers();
    saidNothingBad();
  });

  afterAll(async () => {
    await backend?.stop();
  });

  async function expectAnswers(): Promise<void> {
    const { status } = await backend.get('ada', '/requests?scope=mine');
    expect(status).toBe(200);
  }

  /** Backstage catches what nobody else does and goes on: the log is all there is to see of it. */
  function saidNothingBad(): void {
    expect(log.text).not.toMatch(/uncaught|unhandled|"level":"error"/i);
  }

  async function upgrade(path: string, headers: Record<string, string>) {
    const raw = await RawSocket.upgrade(backend.server.port(), path, headers);
    raws.push(raw);
    return raw;
  }

  /** What became of an upgrade: the status, and the code with which the WebSocket was closed if it came to that. */
  async function outcome(raw: RawSocket): Promise<string> {
    const giveUpAt = Date.now() + 20_000;
    for (;;) {
      const closeFrame = raw.text.indexOf(
        String.fromCharCode(
          CLOSE_CODES.badTicket >> 8,
          CLOSE_CODES.badTicket & 0xff,
        ),
      );
      if (raw.status === 101 && closeFrame >= 0) {
        return 'closed as a bad ticket';
      }
      if (raw.status !== undefined && raw.status !== 101) {
        return `refused with ${raw.status}`;
      }
      if (raw.isClosed) {
        return 'cut off';
      }
      if (Date.now() > giveUpAt) {
        return `still open: ${raw.text.slice(0, 200)}`;
      }
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }

  it.each<[string, Record<string, string>, string]>([
    ['nothing', {}, 'refused with 403'],
    [
      'an origin and nothing else',
      { origin: BROWSER_ORIGIN },
      'refused with 400',
    ],
    [
      'a protocol but no ticket',
      { origin: BROWSER_ORIGIN, 'sec-websocket-protocol': SESSION_PROTOCOL },
      'refused with 401',
    ],
    [
      'a user’s token and no ticket',
      {
        origin: BROWSER_ORIGIN,
        'sec-websocket-protocol': SESSION_PROTOCOL,
        ...bearer(mockCredentials.user.header()),
      },
      'refused with 401',
    ],
    [
      'a service’s token and no ticket',
      {
        origin: BROWSER_ORIGIN,
        'sec-websocket-protocol': SESSION_PROTOCOL,
        ...bearer(mockCredentials.service.header()),
      },
      'refused with 401',
    ],
    [
      'a garbage token and no ticket',
      {
        origin: BROWSER_ORIGIN,
        'sec-websocket-protocol': SESSION_PROTOCOL,
        ...bearer('Bearer garbage'),
      },
      'refused with 401',
    ],
    ['a ticket of nobody', OURS, 'closed as a bad ticket'],
    [
      'a ticket of nobody and a user’s token',
      { ...OURS, ...bearer(mockCredentials.user.header()) },
      'closed as a bad ticket',
    ],
    [
      'a ticket of nobody and a service’s token',
      { ...OURS, ...bearer(mockCredentials.service.header()) },
      'closed as a bad ticket',
    ],
    [
      'a ticket of nobody from a foreign page',
      { ...OURS, origin: 'https://evil.example.com' },
      'refused with 403',
    ],
    [
      'two tickets',
      {
        ...OURS,
        'sec-websocket-protocol': `${PROTOCOLS}, ${TICKET_PROTOCOL_PREFIX}${TICKET}`,
      },
      'refused with 401',
    ],
    [
      'a ticket that is too long',
      { ...OURS, 'sec-websocket-protocol': `${PROTOCOLS}AAAA` },
      'refused with 401',
    ],
  ])('with %s leads nowhere', async (_, headers, expected) => {
    expect(await outcome(await upgrade(PATH, headers))).toBe(expected);
  });

  it.each([
    ['of another case', PATH.toUpperCase()],
    ['with a slash at the end', `${PATH}/`],
    ['with two slashes', PATH.replace('/sessions', '//sessions')],
    ['with dots', `${BASE}/x/../sessions/${SESSION}/ws`],
    ['with encoded dots', `${BASE}/x/%2e%2e/sessions/${SESSION}/ws`],
    ['with an encoded slash', `${BASE}/sessions%2f${SESSION}/ws`],
    ['with an id that is too long', `${BASE}/sessions/${'0'.repeat(5_000)}/ws`],
    ['with an id that is no id', `${BASE}/sessions/%00/ws`],
    ['of another route', `${BASE}/requests`],
    ['in full', `http://localhost${PATH}`],
    ['with a query', `${PATH}?ticket=${TICKET}`],
  ])('under a path %s opens nothing', async (_, path) => {
    expect(await outcome(await upgrade(path, OURS))).toMatch(
      /^(refused with 4\d\d|cut off|closed as a bad ticket)$/,
    );
  });

  it('goes on when connections break off, hang or send garbage at any moment', async () => {
    const port = backend.server.port();
    const starts = [
      '',
      'GET ',
      `GET ${PATH} HTTP/1.1\r\n`,
      `GET ${PATH} HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n`,
      `GET ${PATH} HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n`,
      `GET ${PATH} HTTP/1.0\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n`,
      `POST ${PATH} HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\ncontent-length: 100\r\n\r\n`,
      '\x16\x03\x01\x02\x00\x01\x00',
    ];
    for (const start of starts) {
      for (const leave of ['end', 'destroy'] as const) {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => {});
        await new Promise(resolve => socket.once('connect', resolve));
        socket.write(start);
        await new Promise(resolve => setTimeout(resolve, 5));
        socket[leave]();
        socket.destroy();
      }
    }
    await expectAnswers();
  });

  it('survives hundreds who come with made-up tickets at once, and lets the next one try', async () => {
    const codes = await Promise.all(
      Array.from({ length: 400 }, async () => {
        const socket = new WebSocket(
          `ws://127.0.0.1:${backend.server.port()}${PATH}`,
          [
            SESSION_PROTOCOL,
            TICKET_PROTOCOL_PREFIX + randomBytes(32).toString('base64url'),
          ],
          { origin: BROWSER_ORIGIN },
        );
        return new Promise<number>(resolve => {
          socket.on('error', () => resolve(503));
          socket.on('close', resolve);
        });
      }),
    );
    expect(new Set(codes)).toEqual(
      new Set(
        codes.filter(code => [503, CLOSE_CODES.badTicket].includes(code)),
      ),
    );
    expect(codes).toContain(CLOSE_CODES.badTicket);
    expect(await outcome(await upgrade(PATH, OURS))).toBe(
      'closed as a bad ticket',
    );
  });

  it('reads nothing from whoever has no session', async () => {
    const raw = await upgrade(PATH, OURS);
    expect(await outcome(raw)).toBe('closed as a bad ticket');
    for (let i = 0; i < 100 && !raw.isClosed; i++) {
      raw.send(rawFrame(Buffer.alloc(100_000)));
      await new Promise(resolve => setImmediate(resolve));
    }
    await expectAnswers();
  });
});
