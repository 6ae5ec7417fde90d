import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

type UpgradeListener = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
) => void;

/** Listens for upgrades of one HTTP server as long as, and only as long as, somebody else does too. */
export class UpgradeFollower {
  readonly #server: Server;
  readonly #listener: UpgradeListener;
  #attached = false;

  constructor(server: Server, listener: UpgradeListener) {
    this.#server = server;
    this.#listener = listener;
    server.on('newListener', this.#onAdded);
    server.on('removeListener', this.#onRemoved);
    if (server.listenerCount('upgrade') > 0) {
      this.#attach();
    }
  }

  dispose(): void {
    this.#server.off('newListener', this.#onAdded);
    this.#server.off('removeListener', this.#onRemoved);
    this.#detach();
  }

  readonly #onAdded = (event: string | symbol, listener: unknown) => {
    if (event === 'upgrade' && listener !== this.#listener) {
      this.#attach();
    }
  };

  readonly #onRemoved = (event: string | symbol, listener: unknown) => {
    const isLast = this.#server.listenerCount('upgrade') === 1;
    if (event === 'upgrade' && listener !== this.#listener && isLast) {
      this.#detach();
    }
  };

  #attach(): void {
    if (!this.#attached) {
      this.#attached = true;
      this.#server.on('upgrade', this.#listener);
    }
  }

  #detach(): void {
    if (this.#attached) {
      this.#attached = false;
      this.#server.off('upgrade', this.#listener);
    }
  }
}
