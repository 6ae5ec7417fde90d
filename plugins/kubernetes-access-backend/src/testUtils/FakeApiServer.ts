import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';

/** A request as it arrived. */
export interface ReceivedRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: unknown;
}

type Handler = (request: ReceivedRequest, response: ServerResponse) => void;
/** What is written on a connection: and then it is closed, or, given as lines, left open. */
type RawAnswer = string | string[];
type ExecHandler = (socket: WebSocket, request: ReceivedRequest) => void;

/** A watch that a client has opened, in the hands of the test. */
class ServedWatch {
  constructor(
    readonly request: ReceivedRequest,
    readonly response: ServerResponse,
  ) {}

  send(type: string, object: object): void {
    this.response.write(`${JSON.stringify({ type, object })}\n`);
  }

  write(bytes: string | Uint8Array): void {
    this.response.write(bytes);
  }

  /** Closes it as the API server does when its time is over. */
  end(): void {
    this.response.end();
  }

  /** Cuts the connection. */
  cut(): void {
    this.response.destroy();
  }

  get isOpen(): boolean {
    return !this.response.destroyed && !this.response.writableEnded;
  }
}

/**
 * A real HTTP server on the loopback interface that answers as the test tells it, in the words of an API server.
 * What it was not told about does not exist.
 */
export class FakeApiServer {
  readonly requests: ReceivedRequest[] = [];
  readonly #server: Server;
  readonly #handlers = new Map<string, Handler>();
  readonly #execs = new Map<string, ExecHandler>();
  readonly #refusedUpgrades = new Map<string, RawAnswer | undefined>();
  readonly #sockets = new Set<Socket>();
  readonly #gateway: WebSocketServer;

  static async start(
    options: { protocols?: string[] } = {},
  ): Promise<FakeApiServer> {
    const server = createServer();
    const fake = new FakeApiServer(server, options.protocols);
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return fake;
  }

  private constructor(server: Server, protocols = ['v5.channel.k8s.io']) {
    this.#server = server;
    this.#gateway = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      handleProtocols: offered =>
        protocols.find(protocol => offered.has(protocol)) ?? false,
    });
    server.on('connection', socket => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (message, response) => {
      this.#receive(message).then(
        request => this.#answer(request, response),
        () => response.destroy(),
      );
    });
    server.on('upgrade', (message: IncomingMessage, socket, head) =>
      this.#upgrade(message, socket, head),
    );
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Answers with a JSON body, or however the function does. */
  on(method: string, path: string, answer: object | Handler): this {
    this.#handlers.set(
      `${method} ${path}`,
      typeof answer === 'function'
        ? (answer as Handler)
        : (_, response) => respond(response, 200, answer),
    );
    return this;
  }

  /** Refuses with a Status, as the API server does. */
  refuse(
    method: string,
    path: string,
    status: { code: number; reason: string; message: string },
  ): this {
    return this.on(method, path, (_, response) =>
      respond(response, status.code, statusOf(status)),
    );
  }

  /** Hands over the next watch that is opened on a path, after its headers were sent. */
  async nextWatch(path: string): Promise<ServedWatch> {
    return new Promise(resolve => {
      this.on('GET', path, (request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.flushHeaders();
        resolve(new ServedWatch(request, response));
      });
    });
  }

  /** Accepts WebSockets on a path. */
  onExec(path: string, handler: ExecHandler): this {
    this.#execs.set(path, handler);
    return this;
  }

  /** Answers an attempt to open a WebSocket on a path with these bytes, or not at all. */
  onUpgrade(path: string, answer: RawAnswer | undefined): this {
    this.#refusedUpgrades.set(path, answer);
    return this;
  }

  async stop(): Promise<void> {
    this.#sockets.forEach(socket => socket.destroy());
    await new Promise<void>(resolve => {
      this.#server.close(() => resolve());
    });
  }

  async #receive(message: IncomingMessage): Promise<ReceivedRequest> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) {
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    return this.#note(message, text === '' ? undefined : JSON.parse(text));
  }

  #note(message: IncomingMessage, body: unknown): ReceivedRequest {
    const { pathname, searchParams } = new URL(message.url ?? '', this.url);
    const request = {
      method: message.method ?? '',
      path: pathname,
      query: searchParams,
      headers: message.headers,
      body,
    };
    this.requests.push(request);
    return request;
  }

  #answer(request: ReceivedRequest, response: ServerResponse): void {
    const handler = this.#handlers.get(`${request.method} ${request.path}`);
    if (handler) {
      handler(request, response);
      return;
    }
    respond(
      response,
      404,
      statusOf({
        code: 404,
        reason: 'NotFound',
        message: `${request.path} not found`,
      }),
    );
  }

  #upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => {});
    const request = this.#note(message, undefined);
    if (this.#refusedUpgrades.has(request.path)) {
      answerRaw(socket, this.#refusedUpgrades.get(request.path));
      return;
    }
    const handler = this.#execs.get(request.path);
    if (!handler) {
      socket.end(rawAnswer(404, ''));
      return;
    }
    this.#gateway.handleUpgrade(message, socket, head, upgraded => {
      upgraded.on('error', () => {});
      handler(upgraded, request);
    });
  }
}

function answerRaw(socket: Duplex, answer: RawAnswer | undefined): void {
  if (typeof answer === 'string') {
    socket.end(answer);
  } else if (answer) {
    socket.write(answer.join('\r\n'));
  }
}

/** An answer in HTTP, byte by byte, as a refused upgrade gets it. */
export function rawAnswer(status: number, body: object | string): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return [
    `HTTP/1.1 ${status} Refused`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
    '',
    text,
  ].join('\r\n');
}

/** A Status, as an API server puts a refusal. */
export function statusOf(options: {
  code: number;
  reason: string;
  message: string;
}): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    ...options,
  };
}

function respond(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
