/** How long after somebody has asked the host for something, or typed, it is taken for busy with them. */
export const WANTED_MS = 250;

/**
 * What all terminals that flood may print together while others want something: more than anybody reads, and a small
 * part of what one core forwards and records.
 */
export const SHARED_BYTES_PER_SECOND = 8 * 1024 * 1024;

/** What one terminal may print in one go before it counts as a flood: more than any screen, or the answer to a key. */
export const GRACE_BYTES = 256 * 1024;

/** No terminal stands still for longer than this, however many of them flood. */
export const MAX_REST_MS = 250;

/** A shorter rest is not worth a timer; it comes with the next one. */
const MIN_REST_MS = 2;

/** Whose input or output it is: any object stands for a session. */
type Session = object;

interface Input {
  by: Session | undefined;
  at: number;
}

const NEVER: Input = { by: undefined, at: -Infinity };
const GRACE_MS = millisecondsFor(GRACE_BYTES);

/**
 * How much of the host process terminals that flood may have. All of it, while nobody else wants anything of it;
 * a small part, while somebody types in another terminal or asks Backstage for something.
 *
 * An answer of Backstage takes a dozen turns of the event loop, and each would have the output of all floods before
 * it. Nobody reads megabytes in a second; everybody notices a page that hangs.
 *
 * Knows no sockets and no timers.
 */
export class OutputShare {
  readonly #now: () => number;
  #lastRequest = -Infinity;
  #lastInput = NEVER;
  /** The last input of anybody but that one. */
  #inputBefore = NEVER;
  /** Until when what each one has printed lasts, at the shared rate. */
  readonly #printedUntil = new WeakMap<Session, number>();
  /** Until when what all floods have printed lasts. */
  #floodedUntil = -Infinity;

  /** @param now - milliseconds, by the monotonic clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The host was asked for something over HTTP. */
  noteRequest(): void {
    this.#lastRequest = this.#now();
  }

  noteInput(by: Session): void {
    if (this.#lastInput.by !== by) {
      this.#inputBefore = this.#lastInput;
    }
    this.#lastInput = { by, at: this.#now() };
  }

  /**
   * To be told of all output.
   *
   * @returns for how many milliseconds that session must print nothing more
   */
  restAfter(bytes: number, by: Session): number {
    const now = this.#now();
    if (!this.#isWantedByOthers(by, now)) {
      return 0;
    }
    const lasts = millisecondsFor(bytes);
    const until = Math.max(now, this.#printedUntil.get(by) ?? now) + lasts;
    this.#printedUntil.set(by, until);
    if (until - now <= GRACE_MS) {
      return 0;
    }
    this.#floodedUntil = Math.min(
      Math.max(now, this.#floodedUntil) + lasts,
      now + MAX_REST_MS,
    );
    const rest = this.#floodedUntil - now;
    return rest < MIN_REST_MS ? 0 : rest;
  }

  #isWantedByOthers(by: Session, now: number): boolean {
    const input =
      this.#lastInput.by === by ? this.#inputBefore : this.#lastInput;
    return now - Math.max(this.#lastRequest, input.at) < WANTED_MS;
  }
}

function millisecondsFor(bytes: number): number {
  return (bytes / SHARED_BYTES_PER_SECOND) * 1000;
}
