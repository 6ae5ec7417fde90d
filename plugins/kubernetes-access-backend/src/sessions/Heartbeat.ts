import type { WebSocket } from 'ws';
import type { Cancel, Clock } from '../controller/Clock';

/** Well below the idle timeouts of common ingresses (60 s), also when one ping is lost. */
export const HEARTBEAT_MS = 25_000;

/**
 * Pings a socket and tells when it no longer answers. A socket that is paused cannot be heard,
 * so it is given the benefit of the doubt.
 */
export class Heartbeat {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #onLost: () => void;
  #alive = true;
  #cancel: Cancel;

  constructor(options: {
    socket: WebSocket;
    clock: Clock;
    onLost: () => void;
  }) {
    this.#socket = options.socket;
    this.#clock = options.clock;
    this.#onLost = options.onLost;
    this.#socket.on('pong', this.#onPong);
    this.#cancel = this.#next();
  }

  dispose(): void {
    this.#cancel();
    this.#socket.off('pong', this.#onPong);
  }

  readonly #onPong = () => {
    this.#alive = true;
  };

  #next(): Cancel {
    return this.#clock.schedule(HEARTBEAT_MS, () => this.#beat());
  }

  #beat(): void {
    if (!this.#alive && !this.#socket.isPaused) {
      this.#onLost();
      return;
    }
    this.#alive = false;
    if (this.#socket.readyState === this.#socket.OPEN) {
      this.#socket.ping();
    }
    this.#cancel = this.#next();
  }
}
