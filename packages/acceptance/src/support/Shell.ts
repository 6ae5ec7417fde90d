import type { SessionTicket } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  CHANNEL,
  SESSION_PROTOCOL,
  TICKET_PROTOCOL_PREFIX,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import WebSocket from 'ws';
import { readDemo } from './demo';
import { until } from './until';

/** A session's WebSocket, as a browser would open it, without the browser. */
export class Shell {
  output = '';
  closed: { code: number; reason: string } | undefined;
  /** What the back end said of the end. */
  ending: { reason: string; message: string } | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary && data[0] === CHANNEL.stdout) {
        this.output += data.subarray(1).toString('utf8');
        socket.send(JSON.stringify({ type: 'ack', bytes: data.length - 1 }));
      }
      if (!isBinary) {
        const message = JSON.parse(data.toString('utf8'));
        this.ending = message.type === 'ending' ? message : this.ending;
      }
    });
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    // The close that follows tells what matters.
    socket.on('error', () => undefined);
  }

  /** @throws Error with the HTTP status when the upgrade is refused */
  static async open(
    ticket: Pick<SessionTicket, 'ticket' | 'path'>,
    options: { origin?: string } = {},
  ): Promise<Shell> {
    const { url } = readDemo();
    const socket = new WebSocket(
      `${url.replace(/^http/, 'ws')}/api/kubernetes-access${ticket.path}`,
      [SESSION_PROTOCOL, `${TICKET_PROTOCOL_PREFIX}${ticket.ticket}`],
      { origin: options.origin ?? url },
    );
    const shell = new Shell(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return shell;
  }

  type(text: string | Buffer): void {
    this.socket.send(
      Buffer.concat([Buffer.from([CHANNEL.stdin]), Buffer.from(text)]),
    );
  }

  async shows(text: string | RegExp): Promise<void> {
    await until(
      `the terminal shows ${text}`,
      async () =>
        (typeof text === 'string'
          ? this.output.includes(text)
          : text.test(this.output)) || undefined,
    );
  }

  /** A shell waits for input: `#` for root, `$` for everybody else. */
  async showsPrompt(): Promise<void> {
    await this.shows(/[#$] /);
  }

  async isClosed(
    timeoutMs?: number,
  ): Promise<{ code: number; reason: string }> {
    return until('the terminal is closed', async () => this.closed, timeoutMs);
  }

  close(): void {
    this.socket.close();
  }
}
