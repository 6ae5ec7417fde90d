import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server } from 'node:http';
import { posix } from 'node:path';
import type { Duplex } from 'node:stream';
import { Router } from 'express';
import type { Clock } from '../controller/Clock';
import { REQUEST_ID_PATTERN } from '../requests/requestId';
import type { StartedRequest } from './SignalsFirstUpgrade';
import { SignalsFirstUpgrade } from './SignalsFirstUpgrade';
import { UpgradeFollower } from './UpgradeFollower';

/** Takes over a connection that asks to become a session's WebSocket. */
export type UpgradeHandler = (
  sessionId: string,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
) => void;

/** Node's diagnostics channel that tells of each request (https://nodejs.org/api/diagnostics_channel.html). */
export const REQUEST_START = 'http.server.request.start';

/**
 * Brings WebSocket upgrades for `/sessions/:id/ws` to the gateway, beside whoever else uses the same HTTP server.
 *
 * Backstage has no place for upgrades. Node hands an upgrade to the server's `upgrade` listeners if there are any,
 * and to Express as a plain request if there are none. Some neighbours wait for that plain request before they
 * listen for upgrades themselves; whoever attaches before them silences them for good. And once one of them has
 * attached, our Express route hears nothing any more. So this follows and never leads:
 *
 * 1. the Express route answers as long as nobody listens for upgrades;
 * 2. as soon as somebody else does, and only as long, our own listener is there too. It takes exactly our path and
 *    touches no other socket.
 *
 * The server is found through Node's diagnostics channel, which tells of it with the first request of any kind.
 * A way for plugins to route WebSockets in Backstage itself would become a third strategy here; the rest of the
 * gateway only knows {@link UpgradeHandler}.
 */
export class UpgradeRouter {
  readonly router: Router;
  readonly #onUpgrade: UpgradeHandler;
  readonly #path: RegExp;
  readonly #followers = new Map<Server, UpgradeFollower>();
  readonly #signalsFirst: SignalsFirstUpgrade;

  /** @param options.basePath - where the router is mounted, e.g. `/api/kubernetes-access` */
  constructor(options: {
    basePath: string;
    clock: Clock;
    onUpgrade: UpgradeHandler;
  }) {
    this.#signalsFirst = new SignalsFirstUpgrade({
      path: posix.join(options.basePath, '..', 'signals'),
      clock: options.clock,
    });
    this.#onUpgrade = options.onUpgrade;
    this.#path = new RegExp(
      `^${escapeForPattern(options.basePath)}/sessions/([0-9a-z]{26})/ws$`,
    );
    this.router = this.#createRouter();
  }

  start(): void {
    subscribe(REQUEST_START, this.#onRequestStart);
  }

  stop(): void {
    unsubscribe(REQUEST_START, this.#onRequestStart);
    this.#signalsFirst.stop();
    this.#followers.forEach(follower => follower.dispose());
    this.#followers.clear();
  }

  #createRouter(): Router {
    const router = Router();
    router.get('/sessions/:id/ws', (request, response, next) => {
      if (!REQUEST_ID_PATTERN.test(request.params.id)) {
        next();
        return;
      }
      if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
        response.status(426).set('Upgrade', 'websocket').end();
        return;
      }
      releaseFromHttp(request);
      this.#onUpgrade(
        request.params.id,
        request,
        request.socket,
        Buffer.alloc(0),
      );
    });
    return router;
  }

  readonly #onRequestStart = (message: unknown) => {
    const started = message as StartedRequest;
    this.#signalsFirst.watch(started);
    this.#follow(started.server);
  };

  #follow(server: Server): void {
    if (this.#followers.has(server)) {
      return;
    }
    this.#followers.set(
      server,
      new UpgradeFollower(server, this.#onServerUpgrade),
    );
    server.once('close', () => {
      this.#followers.get(server)?.dispose();
      this.#followers.delete(server);
    });
  }

  readonly #onServerUpgrade = (
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ) => {
    const path = (request.url ?? '').split('?')[0];
    const id = this.#path.exec(path)?.[1];
    if (id && REQUEST_ID_PATTERN.test(id)) {
      this.#onUpgrade(id, request, socket, head);
    }
  };
}

/**
 * Node's HTTP parser goes on reading a connection that came to Express. It takes the first WebSocket frame for the
 * beginning of another request, one that never ends, and answers it after the server's `requestTimeout` (five
 * minutes) in the middle of the session. With a real upgrade Node takes the parser away; so does this.
 */
function releaseFromHttp(request: IncomingMessage): void {
  request.socket.removeAllListeners('data');
}

function escapeForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
