import type { ServerMessage } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  CHANNEL,
  SESSION_PROTOCOL,
  TICKET_PROTOCOL_PREFIX,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { RawData } from 'ws';
import { WebSocket } from 'ws';
import { eventually } from './RealCluster';

/** A terminal without a screen, on the browser's end of a session. */
export class TestTerminal {
  readonly #socket: WebSocket;
  #output = '';
  readonly messages: ServerMessage[] = [];
  /** How the socket was closed. */
  readonly closed: Promise<{ code: number; reason: string; at: number }>;

  constructor(url: string, options: { ticket: string; origin: string }) {
    this.#socket = new WebSocket(
      url,
      [SESSION_PROTOCOL, TICKET_PROTOCOL_PREFIX + options.ticket],
      { origin: options.origin },
    );
    this.#socket.on('message', (data, isBinary) =>
      this.#receive(data, isBinary),
    );
    this.closed = new Promise(resolve => {
      this.#socket.on('error', error =>
        resolve({ code: 0, reason: error.message, at: Date.now() }),
      );
      this.#socket.on('close', (code, reason) =>
        resolve({ code, reason: reason.toString(), at: Date.now() }),
      );
    });
  }

  get output(): string {
    return this.#output;
  }

  /** Waits until the shell has printed something that matches. */
  async expectOutput(pattern: RegExp): Promise<void> {
    await eventually(() => expect(this.#output).toMatch(pattern));
  }

  type(text: string): void {
    this.#send(CHANNEL.stdin, text);
  }

  resize(columns: number, rows: number): void {
    this.#send(
      CHANNEL.resize,
      JSON.stringify({ Width: columns, Height: rows }),
    );
  }

  /** Shows again who sits here, as a browser does each minute. */
  identify(token: string): void {
    this.#socket.send(JSON.stringify({ type: 'identity', token }));
  }

  close(): void {
    this.#socket.close();
  }

  #send(channel: number, text: string): void {
    this.#socket.send(
      Buffer.concat([Buffer.from([channel]), Buffer.from(text)]),
    );
  }

  #receive(data: RawData, isBinary: boolean): void {
    const bytes = data as Buffer;
    if (!isBinary) {
      this.messages.push(JSON.parse(bytes.toString()));
      return;
    }
    this.#output += bytes.subarray(1).toString();
    this.#socket.send(JSON.stringify({ type: 'ack', bytes: bytes.length - 1 }));
  }
}
