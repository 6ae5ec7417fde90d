import type { IncomingMessage, Server } from 'node:http';
import type { Cancel, Clock } from '../controller/Clock';

/** More than the signals plugin needs to answer, less than anybody needs to get from a page to a terminal. */
export const PATIENCE_MS = 500;

/** What Node tells of each request that it gives to Express; an upgrade is only among them while nobody listens. */
export interface StartedRequest {
  server: Server;
  request: IncomingMessage;
}

/**
 * Closes the one WebSocket that Backstage's signals plugin leaves without an answer after each start.
 *
 * That plugin begins to listen for upgrades while it handles the first one that reaches it as a plain request, and
 * neither answers that one nor closes it. A browser opens one WebSocket per host at a time: until it gives up that
 * attempt, a terminal of the same person waits behind it. Once the connection is closed, the browser goes on with the
 * terminal, and the signals client tries again, as it does after any broken connection.
 *
 * Only a connection that asked for exactly the signals plugin's path, that was there when somebody began to listen
 * and on which nothing at all was written since, is ever closed. A signals plugin that answers is left alone.
 */
export class SignalsFirstUpgrade {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #waiting = new Map<IncomingMessage, Cancel>();

  /** @param options.path - where the signals plugin is mounted */
  constructor(options: { path: string; clock: Clock }) {
    this.#path = options.path;
    this.#clock = options.clock;
  }

  watch({ server, request }: StartedRequest): void {
    const { socket } = request;
    if (!this.#isForSignals(request)) {
      return;
    }
    const before = socket.bytesWritten;
    const forget = () => {
      this.#waiting.get(request)?.();
      this.#waiting.delete(request);
      socket.off('close', forget);
    };
    const cancel = this.#clock.schedule(PATIENCE_MS, () => {
      forget();
      const hasListeners = server.listenerCount('upgrade') > 0;
      if (hasListeners && socket.bytesWritten === before) {
        socket.destroy();
      }
    });
    this.#waiting.set(request, cancel);
    socket.on('close', forget);
  }

  stop(): void {
    this.#waiting.forEach(cancel => cancel());
    this.#waiting.clear();
  }

  #isForSignals({ headers, url = '' }: IncomingMessage): boolean {
    return (
      headers.upgrade?.toLowerCase() === 'websocket' &&
      url.split('?')[0] === this.#path
    );
  }
}
