import type {
  ClientMessage,
  ServerMessage,
  SessionTicket,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  IDENTITY_INTERVAL_MS,
  SESSION_PROTOCOL,
  TICKET_PROTOCOL_PREFIX,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { AckCounter } from './AckCounter';
import { inputFrames, outputOf, resizeFrame } from './frames';
import type { TerminalState } from './TerminalState';
import { endOfCloseCode } from './TerminalState';

/** What a terminal needs of its surroundings. */
export interface ExecSocketOptions {
  /** Asks the back end for a ticket. */
  getTicket(): Promise<SessionTicket>;
  getUrl(ticket: SessionTicket): Promise<string>;
  /** The user's newest Backstage token; none for who is not signed in. Kept nowhere. */
  getToken(): Promise<string | undefined>;
  /** Runs something again and again. Returns how to stop. */
  every(intervalMs: number, task: () => void): () => void;
  createWebSocket(url: string, protocols: string[]): WebSocket;
  /** A clock that never steps, in milliseconds. */
  now(): number;
  onState(state: TerminalState): void;
  /** Gets output; calls `written` when it is on the screen. */
  onOutput(data: Uint8Array, written: () => void): void;
}

/**
 * One terminal's connection to the back end.
 *
 * It takes two calls: the first, with the user's token, returns a ticket; the second opens a WebSocket, which cannot
 * carry the token, with the ticket as its subprotocol. While it is open it shows the newest token each minute, in a
 * message, so that a session does not outlive its user's sign-in. Once disposed of it says nothing any more.
 */
export class ExecSocket {
  readonly #options: ExecSocketOptions;
  readonly #acks = new AckCounter(bytes =>
    this.#sendMessage({ type: 'ack', bytes }),
  );
  #socket: WebSocket | undefined;
  #stopShowing: () => void = () => {};
  #hasOpened = false;
  /** What was typed before the shell was ready, until it is. */
  #typedAhead: Uint8Array[] | undefined = [];
  #isOver = false;
  #ending: { message?: string; exitCode?: number } = {};
  #size: { columns: number; rows: number } | undefined;

  constructor(options: ExecSocketOptions) {
    this.#options = options;
  }

  /** Never rejects: what goes wrong becomes a state. */
  async connect(): Promise<void> {
    this.#options.onState({ kind: 'connecting' });
    try {
      const ticket = await this.#options.getTicket();
      const url = await this.#options.getUrl(ticket);
      if (!this.#isOver) {
        this.#open(url, ticket);
      }
    } catch (error) {
      this.#end(notOpened(error));
    }
  }

  /** Sends what was typed or pasted; what comes before the shell is ready, as soon as it is. */
  send(bytes: Uint8Array): void {
    if (this.#typedAhead) {
      this.#typedAhead.push(bytes);
      return;
    }
    inputFrames(bytes).forEach(frame => this.#sendFrame(frame));
  }

  resize(columns: number, rows: number): void {
    this.#size = { columns, rows };
    this.#sendFrame(resizeFrame(columns, rows));
  }

  dispose(): void {
    this.#isOver = true;
    this.#stopShowing();
    this.#socket?.close();
  }

  #open(url: string, { ticket }: SessionTicket): void {
    const socket = this.#options.createWebSocket(url, [
      SESSION_PROTOCOL,
      `${TICKET_PROTOCOL_PREFIX}${ticket}`,
    ]);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#opened();
    socket.onmessage = event => this.#receive(event.data);
    socket.onclose = event => this.#closed(event.code);
    this.#socket = socket;
  }

  #opened(): void {
    this.#hasOpened = true;
    if (this.#size) {
      this.resize(this.#size.columns, this.#size.rows);
    }
  }

  #receive(data: unknown): void {
    if (this.#isOver) {
      return;
    }
    if (typeof data === 'string') {
      this.#hear(data);
      return;
    }
    const output = outputOf(new Uint8Array(data as ArrayBuffer));
    if (output) {
      this.#options.onOutput(output, () => this.#acks.add(output.length));
    }
  }

  #hear(text: string): void {
    const message = parse(text);
    switch (message?.type) {
      case 'ready':
        this.#options.onState({
          kind: 'open',
          endsAtMs: this.#options.now() + message.remainingMs,
          isRecorded: message.recorded,
        });
        this.#sendTypedAhead();
        this.#showWhoIsThere();
        break;
      case 'exit':
        this.#ending = {
          ...(message.code === null ? {} : { exitCode: message.code }),
          ...(message.message ? { message: message.message } : {}),
        };
        break;
      case 'ending':
        this.#ending = { ...this.#ending, message: message.message };
        break;
      default:
      // A newer back end may say more than this front end knows.
    }
  }

  #sendTypedAhead(): void {
    const typed = this.#typedAhead ?? [];
    this.#typedAhead = undefined;
    typed.forEach(bytes => this.send(bytes));
  }

  /** The gateway wants to know, as long as the terminal is open, that its user still sits in front of it. */
  #showWhoIsThere(): void {
    const show = () => {
      this.#sendIdentity().catch(() => {
        // The gateway waits for some minutes; the next try may do better.
      });
    };
    this.#stopShowing();
    this.#stopShowing = this.#options.every(IDENTITY_INTERVAL_MS, show);
    show();
  }

  async #sendIdentity(): Promise<void> {
    const token = await this.#options.getToken();
    if (token && !this.#isOver) {
      this.#sendMessage({ type: 'identity', token });
    }
  }

  #closed(code: number): void {
    this.#end({
      kind: 'ended',
      why: this.#hasOpened ? endOfCloseCode(code) : 'blocked',
      ...this.#ending,
    });
  }

  #end(state: TerminalState): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#stopShowing();
      this.#options.onState(state);
    }
  }

  #sendMessage(message: ClientMessage): void {
    this.#sendFrame(JSON.stringify(message));
  }

  #sendFrame(frame: Uint8Array | string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(frame);
    }
  }
}

/** `fetch` fails with a TypeError when nobody answered at all; everything else is an answer. */
function notOpened(error: unknown): TerminalState {
  if (error instanceof TypeError) {
    return { kind: 'ended', why: 'unreachable' };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'ended', why: 'refused', message };
}

function parse(text: string): ServerMessage | undefined {
  try {
    return JSON.parse(text) as ServerMessage;
  } catch {
    return undefined;
  }
}
