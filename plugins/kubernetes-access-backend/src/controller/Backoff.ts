/** How delays grow. */
export interface BackoffOptions {
  /** The first delay. */
  initialMs: number;
  maxMs: number;
  /** Each delay is this many times the one before. */
  factor: number;
  /** Up to this share of a delay is added at random, so that many who failed together do not come back together. */
  jitter: number;
  /** Between 0 and 1. */
  random: () => number;
}

/** Counts failures in a row and says how long to wait after each. */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** How many failures there were since the last success. */
  get failures(): number {
    return this.#failures;
  }

  /** The delay after one more failure. */
  next(): number {
    const { initialMs, maxMs, factor, jitter, random } = this.#options;
    const delay = Math.min(maxMs, initialMs * factor ** this.#failures);
    this.#failures += 1;
    return delay * (1 + jitter * random());
  }

  /** Starts again with the first delay. */
  reset(): void {
    this.#failures = 0;
  }
}
