/**
 * How much output of one session is forwarded in one turn of the event loop. A socket that always has more would be
 * read up to 32 times in a row (libuv, `uv__read` in src/unix/stream.c), while everybody else waits.
 */
export const TURN_BYTES = 128 * 1024;

/** And for how long: small frames cost far more for each byte. */
export const TURN_MS = 1;

export interface OutputTurnOptions {
  /** Milliseconds, by the monotonic clock. */
  now: () => number;
  /** Output to pass on: the channel byte and what came on that channel. */
  onOutput: (frame: Buffer) => void;
  /** Enough for this turn. */
  onSpent: () => void;
  /** The others have had their turn. */
  onNext: () => void;
}

/**
 * Keeps one terminal that floods from making the others, and the rest of the host, wait: it has its share of each turn
 * of the event loop, and what comes in one turn is passed on as one frame. Programs print in thousands of small ones,
 * each of which would cost a buffer, a write and an entry of the recording.
 *
 * What comes after a silence, such as an echo, is passed on at once; only what follows it in the same turn waits for
 * the end of the turn. Order and bytes stay as they are.
 */
export class OutputTurn {
  readonly #now: () => number;
  readonly #onOutput: (frame: Buffer) => void;
  readonly #onSpent: () => void;
  readonly #onNext: () => void;
  readonly #waiting: Buffer[] = [];
  #beganAt = 0;
  #bytes = 0;
  #frames = 0;
  #isRunning = false;
  #isSpent = false;
  /** The turn before had several frames: more of them are to be expected. */
  #isBusy = false;

  constructor(options: OutputTurnOptions) {
    this.#now = options.now;
    this.#onOutput = options.onOutput;
    this.#onSpent = options.onSpent;
    this.#onNext = options.onNext;
  }

  /** @param frame - the channel byte and the output */
  add(frame: Buffer): void {
    this.#begin();
    this.#frames += 1;
    this.#bytes += frame.length;
    if (this.#frames === 1 && !this.#isBusy) {
      this.#onOutput(frame);
    } else {
      this.#keep(frame);
    }
    if (!this.#isSpent && this.#hasHadEnough()) {
      this.#isSpent = true;
      this.#onSpent();
    }
  }

  /** Passes on what waits, before something that must not overtake it. */
  flush(): void {
    if (this.#waiting.length > 0) {
      this.#onOutput(joined(this.#waiting.splice(0)));
    }
  }

  #begin(): void {
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#beganAt = this.#now();
      setImmediate(this.#next);
    }
  }

  #keep(frame: Buffer): void {
    if (this.#waiting.length > 0 && this.#waiting[0][0] !== frame[0]) {
      this.flush();
    }
    this.#waiting.push(frame);
  }

  #hasHadEnough(): boolean {
    return this.#bytes >= TURN_BYTES || this.#now() - this.#beganAt >= TURN_MS;
  }

  readonly #next = () => {
    const wasSpent = this.#isSpent;
    this.flush();
    this.#isBusy = this.#frames > 1;
    this.#bytes = 0;
    this.#frames = 0;
    this.#isRunning = false;
    this.#isSpent = false;
    if (wasSpent) {
      this.#onNext();
    }
  };
}

/** Frames of one channel as one. */
function joined(frames: readonly Buffer[]): Buffer {
  if (frames.length === 1) {
    return frames[0];
  }
  const size = frames.reduce((sum, frame) => sum + frame.length - 1, 1);
  const whole = Buffer.allocUnsafe(size);
  whole[0] = frames[0][0];
  let end = 1;
  for (const frame of frames) {
    end += frame.copy(whole, end, 1);
  }
  return whole;
}
