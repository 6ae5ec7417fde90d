/** Counts those who are on their way in, up to a limit. */
export class Arrivals {
  readonly #limit: number;
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#count >= this.#limit;
  }

  /** Returns how to tell that somebody is in, or was turned away; to be called at least once. */
  add(): () => void {
    let isCounted = true;
    this.#count += 1;
    return () => {
      this.#count -= isCounted ? 1 : 0;
      isCounted = false;
    };
  }
}
