import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CHANNEL,
  SESSION_PROTOCOL,
  type SessionTicket,
  TICKET_PROTOCOL_PREFIX,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Router } from 'express';
import express from 'express';
import { WebSocket } from 'ws';
import { SocketLog } from './sockets';

export const ORIGIN = 'https://backstage.example.com';
export const BASE_PATH = '/api/kubernetes-access';

/** A browser's end of a session. */
export interface FakeBrowser {
  socket: WebSocket;
  seen: SocketLog;
  /** The status with which the upgrade was refused. */
  status?: number;
}

/** A real HTTP server with the sessions' router, and browsers that come to it. */
export class SessionHost {
  readonly #server: Server;
  readonly #browsers: WebSocket[] = [];

  static async start(router: Router): Promise<SessionHost> {
    const app = express();
    app.use(BASE_PATH, router);
    const server = createServer(app);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return new SessionHost(server);
  }

  private constructor(server: Server) {
    this.#server = server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many connections are open. */
  async connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.getConnections((error, count) =>
        error ? reject(error) : resolve(count),
      );
    });
  }

  /** Comes with a ticket as a browser does; resolves when the answer is there. */
  async connect(
    ticket: SessionTicket,
    overrides: { origin?: string; protocols?: string[] } = {},
  ): Promise<FakeBrowser> {
    const socket = new WebSocket(
      `ws://127.0.0.1:${this.port}${BASE_PATH}${ticket.path}`,
      overrides.protocols ?? [
        SESSION_PROTOCOL,
        `${TICKET_PROTOCOL_PREFIX}${ticket.ticket}`,
      ],
      {
        headers: { origin: overrides.origin ?? ORIGIN },
        perMessageDeflate: false,
      },
    );
    this.#browsers.push(socket);
    const browser: FakeBrowser = { socket, seen: new SocketLog(socket) };
    await new Promise<void>(resolve => {
      socket.on('open', () => resolve());
      socket.on('error', () => resolve());
      socket.on('unexpected-response', (_, response) => {
        browser.status = response.statusCode;
        socket.terminate();
        resolve();
      });
    });
    return browser;
  }

  async close(): Promise<void> {
    this.#browsers.forEach(socket => socket.terminate());
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }
}

const CURSOR_QUESTION = '\x1b[6n';
const CURSOR_ANSWER = '\x1b[1;1R';

/** Behaves as a terminal that keeps up: acknowledges output, and says where the cursor is when a shell asks. */
export function actAsTerminal(browser: FakeBrowser): void {
  browser.socket.on('message', (data, isBinary) => {
    if (!isBinary) {
      return;
    }
    const frame = data as Buffer;
    browser.socket.send(
      JSON.stringify({ type: 'ack', bytes: frame.length - 1 }),
    );
    if (frame.includes(CURSOR_QUESTION)) {
      type(browser, CURSOR_ANSWER);
    }
  });
}

export function type({ socket }: FakeBrowser, text: string): void {
  socket.send(Buffer.concat([Buffer.of(CHANNEL.stdin), Buffer.from(text)]));
}

export function resize(
  { socket }: FakeBrowser,
  columns: number,
  rows: number,
): void {
  const size = JSON.stringify({ Width: columns, Height: rows });
  socket.send(Buffer.concat([Buffer.of(CHANNEL.resize), Buffer.from(size)]));
}

/** What is on the screen, more or less. */
export function screenOf({ seen }: FakeBrowser): string {
  return seen.channel(CHANNEL.stdout).toString('utf8');
}
