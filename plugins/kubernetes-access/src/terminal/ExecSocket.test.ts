import {
  CLOSE_CODES,
  FLOW_CONTROL,
  MAX_CLIENT_FRAME_BYTES,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { ExecSocket } from './ExecSocket';
import type { TerminalState } from './TerminalState';

const TICKET = {
  sessionId: 's1',
  ticket: 'secret',
  expiresAt: '2026-01-15T12:00:30.000Z',
  path: '/sessions/s1/ws',
};

/** The browser's side of a WebSocket whose other side is the test. */
class TestWebSocket {
  readyState: number = WebSocket.CONNECTING;
  binaryType = 'blob';
  sent: Array<Uint8Array | string> = [];
  onopen?: () => void;
  onmessage?: (event: { data: unknown }) => void;
  onclose?: (event: { code: number }) => void;

  constructor(readonly url: string, readonly protocols: string[]) {}

  send(data: Uint8Array | string): void {
    this.sent.push(data);
  }

  close(): void {
    this.readyState = WebSocket.CLOSED;
  }

  open(): void {
    this.readyState = WebSocket.OPEN;
    this.onopen?.();
  }

  says(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  prints(text: string): void {
    const bytes = new TextEncoder().encode(`\u0001${text}`);
    this.onmessage?.({ data: bytes.buffer });
  }

  closesWith(code: number): void {
    this.readyState = WebSocket.CLOSED;
    this.onclose?.({ code });
  }
}

/** What is done each minute, in the hands of the test. */
class TestTimer {
  #task: (() => void) | undefined;
  intervalMs: number | undefined;

  readonly every = (intervalMs: number, task: () => void) => {
    this.intervalMs = intervalMs;
    this.#task = task;
    return () => {
      this.#task = undefined;
    };
  };

  get isRunning(): boolean {
    return this.#task !== undefined;
  }

  async tick(): Promise<void> {
    this.#task?.();
    await settled();
  }
}

async function settled(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 0));
}

function aTerminal(
  getTicket = async () => TICKET,
  getToken: () => Promise<string | undefined> = async () => undefined,
) {
  const timer = new TestTimer();
  const states: TerminalState[] = [];
  const sockets: TestWebSocket[] = [];
  const screen = { text: '', slow: false };
  const terminal = new ExecSocket({
    getTicket,
    getToken,
    every: timer.every,
    getUrl: async ({ path }) => `wss://backstage.test${path}`,
    createWebSocket: (url, protocols) => {
      const socket = new TestWebSocket(url, protocols);
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    now: () => 1_000,
    onState: state => states.push(state),
    onOutput: (data, written) => {
      screen.text += new TextDecoder().decode(data);
      if (!screen.slow) {
        written();
      }
    },
  });
  return { terminal, states, sockets, screen, timer };
}

async function anOpenTerminal(getToken?: () => Promise<string | undefined>) {
  const all = aTerminal(undefined, getToken);
  await all.terminal.connect();
  const [socket] = all.sockets;
  socket.open();
  socket.says({
    type: 'ready',
    sessionId: 's1',
    expiresAt: '2026-01-15T13:00:00.000Z',
    remainingMs: 60_000,
    recorded: true,
  });
  return { ...all, socket };
}

describe('ExecSocket', () => {
  it('brings the ticket as a subprotocol and never in the URL', async () => {
    const { socket } = await anOpenTerminal();
    expect(socket.protocols).toEqual([
      'v1.session.kubernetes-access.io',
      'ticket.secret',
    ]);
    expect(socket.url).not.toContain('secret');
  });

  it('knows when the access ends by its own steady clock', async () => {
    const { states } = await anOpenTerminal();
    expect(states).toEqual([
      { kind: 'connecting' },
      { kind: 'open', endsAtMs: 61_000, isRecorded: true },
    ]);
  });

  it('hands output on as bytes', async () => {
    const { socket, screen } = await anOpenTerminal();
    socket.prints('grüße\r\n');
    expect(screen.text).toBe('grüße\r\n');
  });

  it('sends what is typed on the channel of the input', async () => {
    const { terminal, socket } = await anOpenTerminal();
    terminal.send(new TextEncoder().encode('ls\n'));
    expect(socket.sent).toEqual([Uint8Array.of(0, 108, 115, 10)]);
  });

  it('sends what was typed before the shell was ready as soon as it is, in its order', async () => {
    const { terminal, sockets } = aTerminal();
    const type = (text: string) =>
      terminal.send(new TextEncoder().encode(text));
    type('l');
    await terminal.connect();
    const [socket] = sockets;
    socket.open();
    type('s');
    expect(socket.sent).toEqual([]);
    socket.says({
      type: 'ready',
      sessionId: 's1',
      expiresAt: '2026-01-15T13:00:00.000Z',
      remainingMs: 60_000,
      recorded: true,
    });
    type('\n');
    expect(socket.sent).toEqual([108, 115, 10].map(k => Uint8Array.of(0, k)));
  });

  it('says so when nobody answered', async () => {
    const { terminal, states } = aTerminal(async () => {
      throw new TypeError('Failed to fetch');
    });
    await terminal.connect();
    expect(states.pop()).toEqual({ kind: 'ended', why: 'unreachable' });
  });

  it('splits a paste that is larger than a frame, and loses nothing', async () => {
    const { terminal, socket } = await anOpenTerminal();
    const paste = new Uint8Array(2 * MAX_CLIENT_FRAME_BYTES + 5).fill(97);
    terminal.send(paste);
    const sizes = socket.sent.map(frame => frame.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_CLIENT_FRAME_BYTES);
    expect(sizes.reduce((sum, size) => sum + size - 1, 0)).toBe(paste.length);
  });

  it('tells the size that the screen had when it opened', async () => {
    const { terminal, sockets } = aTerminal();
    await terminal.connect();
    terminal.resize(120, 40);
    expect(sockets[0].sent).toEqual([]);
    sockets[0].open();
    const [frame] = sockets[0].sent as Uint8Array[];
    expect(frame[0]).toBe(4);
    expect(new TextDecoder().decode(frame.subarray(1))).toBe(
      '{"Width":120,"Height":40}',
    );
  });

  it('acknowledges output only once it is on the screen', async () => {
    const { socket, screen } = await anOpenTerminal();
    const much = 'x'.repeat(FLOW_CONTROL.ack);
    screen.slow = true;
    socket.prints(much);
    expect(socket.sent).toEqual([]);
    screen.slow = false;
    socket.prints(much);
    expect(socket.sent).toEqual([`{"type":"ack","bytes":${FLOW_CONTROL.ack}}`]);
  });

  it('shows who is there once it is open, and then each minute with the newest token', async () => {
    const tokens = ['first', 'second'];
    const { socket, timer } = await anOpenTerminal(async () => tokens.shift());
    await settled();
    expect(socket.sent).toEqual(['{"type":"identity","token":"first"}']);
    expect(timer.intervalMs).toBe(60_000);
    await timer.tick();
    expect(socket.sent.slice(1)).toEqual([
      '{"type":"identity","token":"second"}',
    ]);
  });

  it('goes on without a token, as the sign-in may come back', async () => {
    const tokens = [new Error('The sign-in does not answer'), undefined, 'new'];
    const { socket, states, timer } = await anOpenTerminal(async () => {
      const token = tokens.shift();
      if (token instanceof Error) {
        throw token;
      }
      return token;
    });
    await timer.tick();
    expect(socket.sent).toEqual([]);
    await timer.tick();
    expect(socket.sent).toEqual(['{"type":"identity","token":"new"}']);
    expect(states.pop()).toMatchObject({ kind: 'open' });
  });

  it('shows nothing any more when it has ended or was disposed of', async () => {
    const ended = await anOpenTerminal(async () => 'token');
    ended.socket.closesWith(CLOSE_CODES.expired);
    expect(ended.timer.isRunning).toBe(false);

    let answer = (_token: string) => {};
    const disposed = await anOpenTerminal(
      () => new Promise(resolve => (answer = resolve)),
    );
    disposed.terminal.dispose();
    answer('late');
    await settled();
    expect(disposed.timer.isRunning).toBe(false);
    expect(disposed.socket.sent).toEqual([]);
  });

  it.each([
    ['revoked', CLOSE_CODES.revoked],
    ['notAllowed', CLOSE_CODES.notAllowed],
    ['expired', CLOSE_CODES.expired],
    ['noShell', CLOSE_CODES.noShell],
  ])('ends as %s, in the words of the back end', async (why, code) => {
    const { socket, states } = await anOpenTerminal();
    socket.says({ type: 'ending', reason: why, message: 'Olga ended it.' });
    socket.closesWith(code);
    expect(states.pop()).toEqual({
      kind: 'ended',
      why,
      message: 'Olga ended it.',
    });
  });

  it('tells the exit code of a shell that ended by itself', async () => {
    const { socket, states } = await anOpenTerminal();
    socket.says({ type: 'exit', code: 3 });
    socket.closesWith(1000);
    expect(states.pop()).toMatchObject({ why: 'normal', exitCode: 3 });
  });

  it('is lost when it breaks off without a word', async () => {
    const { socket, states } = await anOpenTerminal();
    socket.closesWith(1006);
    expect(states.pop()).toMatchObject({ kind: 'ended', why: 'lost' });
  });

  it('is blocked when the WebSocket never opens', async () => {
    const { terminal, sockets, states } = aTerminal();
    await terminal.connect();
    sockets[0].closesWith(1006);
    expect(states.pop()).toMatchObject({ kind: 'ended', why: 'blocked' });
  });

  it('says why there was no ticket', async () => {
    const { terminal, states } = aTerminal(async () => {
      throw new Error('Your time is up');
    });
    await terminal.connect();
    expect(states.pop()).toEqual({
      kind: 'ended',
      why: 'refused',
      message: 'Your time is up',
    });
  });

  it('says nothing any more after it was disposed of', async () => {
    const { terminal, socket, states, screen } = await anOpenTerminal();
    const before = states.length;
    terminal.dispose();
    socket.prints('late');
    socket.closesWith(1006);
    expect(states).toHaveLength(before);
    expect(screen.text).toBe('');
  });

  it('opens nothing when it was disposed of while it waited for its ticket', async () => {
    const { terminal, sockets } = aTerminal();
    const connecting = terminal.connect();
    terminal.dispose();
    await connecting;
    expect(sockets).toEqual([]);
  });

  it('survives nonsense from the other side', async () => {
    const { socket, states } = await anOpenTerminal();
    socket.onmessage?.({ data: 'not json' });
    socket.says({ type: 'from the future' });
    socket.onmessage?.({ data: new ArrayBuffer(0) });
    expect(states.pop()).toMatchObject({ kind: 'open' });
  });
});
