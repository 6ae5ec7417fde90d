import type { Cancel, Clock } from './Clock';

/** Aborts its signal when nothing was heard for a while. Owns a timer until it is cancelled. */
export class SilenceAlarm {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #abort = new AbortController();
  #cancelTimer: Cancel;

  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#cancelTimer = this.#arm();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Begins to wait anew. */
  heard(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#arm();
  }

  cancel(): void {
    this.#cancelTimer();
  }

  #arm(): Cancel {
    return this.#clock.schedule(this.#limitMs, () =>
      this.#abort.abort(new Error(`Nothing was heard for ${this.#limitMs} ms`)),
    );
  }
}
