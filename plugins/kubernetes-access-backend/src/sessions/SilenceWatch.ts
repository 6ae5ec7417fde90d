import type { Cancel, Clock } from '../controller/Clock';

/**
 * After so long without a word nobody can tell whether a session may go on. Five seconds are promised; the rest of
 * them is for a second look and for closing.
 */
export const SILENCE_MS = 4_500;

/**
 * A process that was held up itself finds its timers due before it has read what came meanwhile. It gets this long
 * to do so before it takes silence for granted.
 */
export const SECOND_LOOK_MS = 200;

/** Calls once when nothing has been heard for {@link SILENCE_MS}, by the monotonic clock. */
export class SilenceWatch {
  readonly #clock: Clock;
  readonly #onSilent: () => void;
  #heardAt: number;
  #cancel: Cancel;

  constructor(clock: Clock, onSilent: () => void) {
    this.#clock = clock;
    this.#onSilent = onSilent;
    this.#heardAt = clock.monotonic();
    this.#cancel = this.#after(SILENCE_MS, () => this.#look());
  }

  heard(): void {
    this.#heardAt = this.#clock.monotonic();
  }

  stop(): void {
    this.#cancel();
  }

  get #silentFor(): number {
    return this.#clock.monotonic() - this.#heardAt;
  }

  #look(): void {
    const left = SILENCE_MS - this.#silentFor;
    this.#cancel =
      left > 0
        ? this.#after(left, () => this.#look())
        : this.#after(SECOND_LOOK_MS, () => this.#lookAgain());
  }

  #lookAgain(): void {
    if (this.#silentFor < SILENCE_MS) {
      this.#look();
      return;
    }
    this.#onSilent();
  }

  #after(delayMs: number, task: () => void): Cancel {
    return this.#clock.schedule(delayMs, task);
  }
}
