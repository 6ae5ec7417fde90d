import type { Clock } from '../controller/Clock';

/** So many answers are kept; those that came first are forgotten first. */
const MAX_ANSWERS = 10_000;

interface Kept<Answer> {
  answer: Promise<Answer>;
  until: number;
}

/** Keeps answers for a moment, so that many who ask the same at about the same time cost one question. */
export class BriefMemory<Answer> {
  readonly #clock: Clock;
  readonly #keepMs: number;
  readonly #answers = new Map<string, Kept<Answer>>();

  constructor(clock: Clock, keepMs: number) {
    this.#clock = clock;
    this.#keepMs = keepMs;
  }

  /** @param options - `fresh`: asks in any case. Failures are not kept. */
  async recall(
    key: string,
    ask: () => Promise<Answer>,
    options: { fresh?: boolean } = {},
  ): Promise<Answer> {
    const kept = this.#answers.get(key);
    if (kept && !options.fresh && this.#clock.monotonic() < kept.until) {
      return kept.answer;
    }
    return this.#ask(key, ask);
  }

  async #ask(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const kept = {
      answer: ask(),
      until: this.#clock.monotonic() + this.#keepMs,
    };
    this.#answers.delete(key);
    this.#answers.set(key, kept);
    this.#forgetFirst();
    try {
      return await kept.answer;
    } catch (error) {
      if (this.#answers.get(key) === kept) {
        this.#answers.delete(key);
      }
      throw error;
    }
  }

  #forgetFirst(): void {
    const [first] = this.#answers.keys();
    if (this.#answers.size > MAX_ANSWERS) {
      this.#answers.delete(first);
    }
  }
}
