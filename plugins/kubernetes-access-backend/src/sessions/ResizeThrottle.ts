import type { Cancel, Clock } from '../controller/Clock';

const WINDOW_MS = 1_000;
/** More than anybody sees. */
const MAX_PER_WINDOW = 20;

/** Passes window sizes on at once, unless they come as a storm: then the last one of each second. */
export class ResizeThrottle {
  readonly #clock: Clock;
  readonly #send: (columns: number, rows: number) => void;
  #passed = 0;
  #kept: { columns: number; rows: number } | undefined;
  #cancel: Cancel | undefined;

  constructor(clock: Clock, send: (columns: number, rows: number) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  resize(columns: number, rows: number): void {
    if (this.#passed >= MAX_PER_WINDOW) {
      this.#kept = { columns, rows };
      return;
    }
    this.#passed += 1;
    this.#cancel ??= this.#clock.schedule(WINDOW_MS, () => this.#openAgain());
    this.#send(columns, rows);
  }

  dispose(): void {
    this.#cancel?.();
    this.#kept = undefined;
  }

  #openAgain(): void {
    const kept = this.#kept;
    this.#passed = 0;
    this.#kept = undefined;
    this.#cancel = undefined;
    if (kept) {
      this.resize(kept.columns, kept.rows);
    }
  }
}
