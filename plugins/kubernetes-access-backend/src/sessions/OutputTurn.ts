import type { Duplex } from 'node:stream';

/**
 * How much output of one session is forwarded in one turn of the event loop. A socket that always has more would be
 * read up to 32 times in a row (libuv, `uv__read` in src/unix/stream.c), while everybody else waits.
 */
export const TURN_BYTES = 128 * 1024;

export interface OutputTurnOptions {
  /** What the browser's WebSocket writes to. */
  wire: Pick<Duplex, 'cork' | 'uncork'>;
  /** Enough for this turn. */
  onSpent: () => void;
  /** The others have had their turn. */
  onNext: () => void;
}

/**
 * Keeps one terminal that floods from making the others, and the rest of the host, wait: it has its share of each turn
 * of the event loop. What it forwards in one go is written in one go, too, instead of with a call for each frame.
 */
export class OutputTurn {
  readonly #wire: Pick<Duplex, 'cork' | 'uncork'>;
  readonly #onSpent: () => void;
  readonly #onNext: () => void;
  #bytes = 0;
  #isCorked = false;
  #isRunning = false;

  constructor(options: OutputTurnOptions) {
    this.#wire = options.wire;
    this.#onSpent = options.onSpent;
    this.#onNext = options.onNext;
  }

  /** Before a frame is sent. */
  add(bytes: number): void {
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#wire.cork();
      process.nextTick(this.#uncork);
    }
    if (!this.#isRunning) {
      this.#isRunning = true;
      setImmediate(this.#next);
    }
    const before = this.#bytes;
    this.#bytes += bytes;
    if (before < TURN_BYTES && this.#bytes >= TURN_BYTES) {
      this.#onSpent();
    }
  }

  readonly #uncork = () => {
    this.#isCorked = false;
    this.#wire.uncork();
  };

  readonly #next = () => {
    const wasSpent = this.#bytes >= TURN_BYTES;
    this.#bytes = 0;
    this.#isRunning = false;
    if (wasSpent) {
      this.#onNext();
    }
  };
}
