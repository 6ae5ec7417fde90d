import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import type { Endpoint } from './kubeConfig';

/** So many wait at most: more people than this do not open a terminal in the same moment. */
const MAX_WAITING = 8;
/** Shorter than an API server waits for the first request on a connection. */
const PATIENCE_MS = 10_000;

/**
 * Connections to an API server that stand before somebody needs one. They show no certificate of the back end, and
 * nothing is said on them. Each is taken once and belongs to whoever took it.
 */
export class WarmConnections {
  readonly #endpoint: Endpoint;
  /** With how to forget each. */
  readonly #opened = new Map<TLSSocket, () => void>();
  readonly #ready = new Set<TLSSocket>();

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** Opens one more, unless enough wait. Never throws: who finds none opens their own, and hears what is wrong. */
  prepare(): void {
    const { protocol, hostname, port } = new URL(this.#endpoint.server);
    if (protocol !== 'https:' || this.#opened.size >= MAX_WAITING) {
      return;
    }
    const { ca, servername, rejectUnauthorized } = this.#endpoint.tls;
    const host = hostname.replace(/^\[|\]$/g, '');
    const socket = connect({
      host,
      port: Number(port || 443),
      ca,
      servername: servername ?? (isIP(host) ? '' : host),
      rejectUnauthorized,
    });
    const end = () => socket.destroy();
    const forget = () => {
      socket.off('timeout', end).off('error', end).off('close', forget);
      this.#opened.delete(socket);
      this.#ready.delete(socket);
    };
    this.#opened.set(socket, forget);
    socket
      .unref()
      .setTimeout(PATIENCE_MS)
      .on('timeout', end)
      .on('error', end)
      .on('close', forget)
      .once('secureConnect', () => this.#ready.add(socket));
  }

  /** How many stand. */
  get waiting(): number {
    return this.#ready.size;
  }

  /** One that stands and was verified, if there is any. */
  take(): TLSSocket | undefined {
    const socket = [...this.#ready].find(({ destroyed }) => !destroyed);
    if (socket) {
      this.#opened.get(socket)?.();
      socket.ref().setTimeout(0);
    }
    return socket;
  }

  close(): void {
    for (const socket of this.#opened.keys()) {
      socket.destroy();
    }
  }
}
