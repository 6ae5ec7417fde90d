import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { RequestOptions } from 'node:https';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import type { ApiCall, Fault, Match } from './faults';
import { Rule } from './faults';

/**
 * Stands between the back end and the real API server, forwards everything (watches and WebSockets too), and does to
 * chosen calls what networks and overloaded servers do.
 */
export class FaultProxy {
  /** @param kubeconfig - the file with the back end's own credential */
  static async start(kubeconfig: string): Promise<FaultProxy> {
    const config = parse(await readFile(kubeconfig, 'utf8'));
    const [{ cluster }] = config.clusters;
    const proxy = new FaultProxy(
      config,
      new URL(cluster.server),
      Buffer.from(cluster['certificate-authority-data'], 'base64'),
    );
    await new Promise<void>(resolve => {
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  readonly #config: { clusters: Array<{ cluster: object }> };
  readonly #target: RequestOptions;
  readonly #server = createServer();
  readonly #open = new Set<Duplex>();
  #rules: Rule[] = [];
  #isCut = false;
  /** Every call, in the order in which they came. */
  readonly calls: ApiCall[] = [];
  /** Every credential that came with them. */
  readonly authorizations = new Set<string>();

  private constructor(
    config: { clusters: Array<{ cluster: object }> },
    server: URL,
    ca: Buffer,
  ) {
    this.#config = config;
    this.#target = { host: server.hostname, port: server.port, ca };
    this.#server.on('connection', socket => this.#track(socket));
    this.#server.on('request', (incoming, answer) => {
      this.#serve(incoming, answer).catch(() => incoming.socket.destroy());
    });
    this.#server.on('upgrade', (incoming, socket, head) => {
      this.#upgrade(incoming, socket, head).catch(() => socket.destroy());
    });
  }

  /** Writes the kubeconfig that leads through the proxy. */
  async writeKubeconfig(file: string): Promise<string> {
    const { port } = this.#server.address() as AddressInfo;
    const [entry] = this.#config.clusters;
    const through = {
      server: `http://127.0.0.1:${port}`,
      // Without it, plain HTTP is refused.
      'insecure-skip-tls-verify': true,
    };
    await writeFile(
      file,
      stringify({
        ...this.#config,
        clusters: [{ ...entry, cluster: through }],
      }),
      { mode: 0o600 },
    );
    return file;
  }

  when(match: Match, fault: Fault): Rule {
    const rule = new Rule(match, fault);
    this.#rules.push(rule);
    return rule;
  }

  /** From now on every call goes through again, unharmed. */
  clear(): void {
    this.#rules = [];
    this.#isCut = false;
  }

  /** Breaks what is open and refuses what comes. */
  cut(): void {
    this.#isCut = true;
    this.breakOff();
  }

  mend(): void {
    this.#isCut = false;
  }

  /** Breaks what is open once. */
  breakOff(): void {
    this.#open.forEach(socket => socket.destroy());
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }

  #track(socket: Duplex): void {
    if (this.#isCut) {
      socket.destroy();
      return;
    }
    this.#open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#open.delete(socket));
  }

  #note(incoming: IncomingMessage, isUpgrade: boolean): Fault | undefined {
    const url = new URL(incoming.url ?? '/', 'http://api');
    const call: ApiCall = {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      isWatch: ['true', '1'].includes(url.searchParams.get('watch') ?? ''),
      isUpgrade,
    };
    this.calls.push(call);
    this.authorizations.add(incoming.headers.authorization ?? '');
    // All of them count, whichever strikes.
    const taken = this.#rules.filter(rule => rule.takes(call));
    return taken[0]?.fault;
  }

  async #serve(
    incoming: IncomingMessage,
    answer: ServerResponse,
  ): Promise<void> {
    const fault = this.#note(incoming, false);
    if (fault && (await strikesFirst(fault, incoming, answer))) {
      return;
    }
    const response = await this.#forward(incoming);
    if (fault?.kind === 'cut-after' || fault?.kind === 'after') {
      await readAll(response);
      await (fault.kind === 'after' && fault.run());
      incoming.socket.destroy();
      return;
    }
    answer.writeHead(response.statusCode ?? 502, response.headers);
    // The client shall know that the watch stands, even before its first event.
    answer.flushHeaders();
    if (fault?.kind === 'trickle') {
      await trickle(response, answer, fault);
      return;
    }
    if (fault?.kind === 'break-off') {
      setTimeout(() => incoming.socket.destroy(), fault.afterMs);
    }
    response.on('error', () => answer.destroy());
    answer.on('close', () => response.destroy());
    response.pipe(answer);
  }

  #forward(incoming: IncomingMessage): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          ...this.#target,
          method: incoming.method,
          path: incoming.url,
          headers: incoming.headers,
        },
        resolve,
      );
      outgoing.on('error', reject);
      incoming.on('close', () => incoming.complete || outgoing.destroy());
      incoming.pipe(outgoing);
    });
  }

  async #upgrade(
    incoming: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): Promise<void> {
    socket.on('error', () => socket.destroy());
    const fault = this.#note(incoming, true);
    if (fault && (await strikesUpgrade(fault, socket))) {
      return;
    }
    const outgoing = request({
      ...this.#target,
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
    });
    outgoing.on('error', () => socket.destroy());
    outgoing.on('response', response => {
      socket.write(headOf(response));
      response.pipe(socket);
    });
    outgoing.on('upgrade', (response, far, farHead) => {
      this.#join(socket, far);
      if (fault?.kind === 'cut-after' || fault?.kind === 'after') {
        Promise.resolve(fault.kind === 'after' && fault.run()).finally(() =>
          socket.destroy(),
        );
        return;
      }
      if (fault?.kind === 'break-off') {
        setTimeout(() => socket.destroy(), fault.afterMs);
      }
      socket.write(headOf(response));
      socket.write(farHead);
      far.write(head);
      far.pipe(socket);
      socket.pipe(far);
    });
    outgoing.end();
  }

  #join(near: Duplex, far: Duplex): void {
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    far.on('error', () => near.destroy());
  }
}

/** Whether the call is over before it was forwarded. */
async function strikesFirst(
  fault: Fault,
  incoming: IncomingMessage,
  answer: ServerResponse,
): Promise<boolean> {
  switch (fault.kind) {
    case 'delay':
      await delay(fault.ms);
      return false;
    case 'hang':
      return true;
    case 'answer': {
      const { status, message = 'said the proxy', retryAfter } = fault;
      if (retryAfter !== undefined) {
        answer.setHeader('retry-after', retryAfter);
      }
      answer.writeHead(status, { 'content-type': 'application/json' });
      answer.end(JSON.stringify(statusObject(status, message)));
      return true;
    }
    case 'gone':
      answer.writeHead(200, { 'content-type': 'application/json' });
      answer.end(
        `${JSON.stringify({
          type: 'ERROR',
          object: statusObject(410, 'too old resource version'),
        })}\n`,
      );
      return true;
    case 'cut-before':
      incoming.socket.destroy();
      return true;
    case 'instead':
      await fault.run();
      incoming.socket.destroy();
      return true;
    default:
      return false;
  }
}

async function strikesUpgrade(fault: Fault, socket: Duplex): Promise<boolean> {
  switch (fault.kind) {
    case 'delay':
      await delay(fault.ms);
      return false;
    case 'hang':
      return true;
    case 'answer': {
      const body = JSON.stringify(
        statusObject(fault.status, fault.message ?? 'said the proxy'),
      );
      socket.end(
        `HTTP/1.1 ${fault.status} Fault\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      );
      return true;
    }
    case 'instead':
      await fault.run();
      socket.destroy();
      return true;
    case 'cut-before':
      socket.destroy();
      return true;
    default:
      return false;
  }
}

const REASONS: Record<number, string> = {
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
};

function statusObject(code: number, message: string): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason: REASONS[code] ?? 'Unknown',
    message,
    code,
  };
}

function headOf(response: IncomingMessage): string {
  const { rawHeaders, statusCode, statusMessage } = response;
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

async function readAll(response: IncomingMessage): Promise<void> {
  response.resume();
  await new Promise(resolve => {
    response.on('close', resolve);
  });
}

async function trickle(
  response: IncomingMessage,
  answer: ServerResponse,
  { bytes, everyMs }: { bytes: number; everyMs: number },
): Promise<void> {
  for await (const chunk of response) {
    for (let at = 0; at < chunk.length && !answer.destroyed; at += bytes) {
      answer.write(chunk.subarray(at, at + bytes));
      await delay(everyMs);
    }
  }
  answer.end();
}
