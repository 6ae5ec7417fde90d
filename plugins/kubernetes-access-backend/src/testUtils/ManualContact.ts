import type { Clock } from '../controller/Clock';
import type { DatabaseContact } from '../database/types';

/** A database that answers as long as a test lets it. */
export class ManualContact implements DatabaseContact {
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  readonly #deathListeners = new Set<() => void>();
  #silentSince: number | undefined;
  /** How much this process's clock is ahead of the database's. */
  offsetMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From now on nothing is heard. */
  fallSilent(): void {
    this.#silentSince ??= this.#clock.monotonic();
    this.#listeners.forEach(tell => tell());
  }

  answerAgain(): void {
    this.#silentSince = undefined;
  }

  lastHeardAt(): number {
    return this.#silentSince ?? this.#clock.monotonic();
  }

  clockOffsetMs(): number {
    return this.offsetMs;
  }

  isClockOff(): boolean {
    return Math.abs(this.offsetMs) > 2_000;
  }

  onSilent(silenceMs: number, listener: () => void): () => void {
    const later = () => {
      this.#clock.schedule(silenceMs, listener);
    };
    this.#listeners.add(later);
    return () => {
      this.#listeners.delete(later);
    };
  }

  onTakenForDead(listener: () => void): () => void {
    this.#deathListeners.add(listener);
    return () => {
      this.#deathListeners.delete(listener);
    };
  }

  /** Others may have closed the sessions of this replica. */
  beTakenForDead(): void {
    this.#deathListeners.forEach(tell => tell());
  }
}
