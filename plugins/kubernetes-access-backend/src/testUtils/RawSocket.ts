import { randomBytes } from 'node:crypto';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect } from 'node:net';

/** How a frame deviates from a good one. */
export interface FrameOptions {
  fin?: boolean;
  /** 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong. */
  opcode?: number;
  /** The three reserved bits, 0 to 7; 4 says that the frame is compressed. */
  reserved?: number;
  masked?: boolean;
  /** The length that the header claims. */
  claims?: number;
}

/** A WebSocket frame, good or not, byte by byte. */
export function rawFrame(
  payload: Buffer | string,
  options: FrameOptions = {},
): Buffer {
  const { fin = true, opcode = 2, reserved = 0, masked = true } = options;
  const data = Buffer.from(payload);
  const length = options.claims ?? data.length;
  const header = [(fin ? 0x80 : 0) | (reserved << 4) | opcode];
  const mask = masked ? 0x80 : 0;
  if (length < 126) {
    header.push(mask | length);
  } else if (length < 65_536) {
    header.push(mask | 126, length >> 8, length & 0xff);
  } else {
    const eight = Buffer.alloc(8);
    eight.writeBigUInt64BE(BigInt(length));
    header.push(mask | 127, ...eight);
  }
  if (!masked) {
    return Buffer.concat([Buffer.from(header), data]);
  }
  const key = randomBytes(4);
  const hidden = data.map((byte, index) => byte ^ key[index % 4]);
  return Buffer.concat([Buffer.from(header), key, hidden]);
}

/** A client that speaks TCP and nothing else. */
export class RawSocket {
  /** Opens a connection and asks for an upgrade with these headers. */
  static async upgrade(
    server: Server | number,
    path: string,
    headers: Record<string, string>,
  ): Promise<RawSocket> {
    const port =
      typeof server === 'number'
        ? server
        : (server.address() as AddressInfo).port;
    const socket = connect(port, '127.0.0.1');
    const raw = new RawSocket(socket);
    const lines = Object.entries({
      host: `127.0.0.1:${port}`,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    return raw;
  }

  readonly socket: Socket;
  #received = Buffer.alloc(0);
  isClosed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (data: Buffer) => {
      this.#received = Buffer.concat([this.#received, data]);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
    });
  }

  /** Everything that came, as text in which bytes stay what they are. */
  get text(): string {
    return this.#received.toString('latin1');
  }

  /** The status of the answer to the upgrade. */
  get status(): number | undefined {
    const status = /^HTTP\/1\.1 (\d{3})/.exec(this.text)?.[1];
    return status === undefined ? undefined : Number(status);
  }

  send(...chunks: Buffer[]): void {
    chunks.forEach(chunk => this.socket.write(chunk));
  }

  destroy(): void {
    this.socket.destroy();
  }
}
