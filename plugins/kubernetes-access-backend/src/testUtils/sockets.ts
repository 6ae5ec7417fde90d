import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** The two ends of a real WebSocket over the loopback interface. */
export interface SocketPair {
  /** The end that connected. */
  client: WebSocket;
  /** The end that accepted. */
  server: WebSocket;
  close(): Promise<void>;
}

export async function openSocketPair(
  options: { maxPayload?: number } = {},
): Promise<SocketPair> {
  const listener = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    perMessageDeflate: false,
    ...options,
  });
  await new Promise(resolve => listener.once('listening', resolve));
  const { port } = listener.address() as AddressInfo;
  const accepted = new Promise<WebSocket>(resolve =>
    listener.once('connection', socket => resolve(socket)),
  );
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  client.on('error', () => {});
  const [server] = await Promise.all([
    accepted,
    new Promise(resolve => client.once('open', resolve)),
  ]);
  server.on('error', () => {});
  return {
    client,
    server,
    close: async () => {
      client.terminate();
      server.terminate();
      await new Promise(resolve => listener.close(resolve));
    },
  };
}

/** Everything that arrives at a socket, in order, and how it closed. */
export class SocketLog {
  readonly frames: Buffer[] = [];
  readonly messages: Array<Record<string, unknown>> = [];
  /** `binary` or the message's type, in the order of arrival. */
  readonly order: string[] = [];
  closed: { code: number; reason: string } | undefined;

  constructor(socket: WebSocket) {
    socket.on('message', (data, isBinary) => {
      if (isBinary) {
        this.frames.push(data as Buffer);
        this.order.push('binary');
        return;
      }
      const message = JSON.parse((data as Buffer).toString());
      this.messages.push(message);
      this.order.push(message.type);
    });
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
  }

  /** The payloads of one channel, joined. */
  channel(channel: number): Buffer {
    return Buffer.concat(
      this.frames
        .filter(frame => frame[0] === channel)
        .map(frame => frame.subarray(1)),
    );
  }

  message(type: string): Record<string, unknown> | undefined {
    return this.messages.find(message => message.type === type);
  }
}

/** Waits for something that real sockets bring about. Fails the test by its own time limit. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise(resolve => setTimeout(resolve, 2));
  }
}
