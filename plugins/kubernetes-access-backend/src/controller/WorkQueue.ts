import { Backoff } from './Backoff';
import type { Cancel, Clock } from './Clock';

/**
 * The delay after a failure: a quick second try heals most races, and the longest pause still notices within a minute
 * that a cluster is well again.
 */
const RETRY = { initialMs: 50, maxMs: 60_000, factor: 2, jitter: 0.5 };

interface Delayed {
  dueAt: number;
  cancel: Cancel;
}

/**
 * A queue of keys for level-triggered work. A key stands in it once however often it is added, and is handed to one
 * worker at a time: added while it is being worked on, it comes again afterwards, so that no change is missed and
 * none is worked on twice at once.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #onReady: () => void;
  /** Keys to be handed out, in order. Every one of them is dirty and not being worked on. */
  readonly #queue: string[] = [];
  /** Keys that need work. */
  readonly #dirty = new Set<string>();
  /** Keys that are being worked on. */
  readonly #processing = new Set<string>();
  /** Keys that are added later. */
  readonly #delayed = new Map<string, Delayed>();
  readonly #backoffs = new Map<string, Backoff>();
  #isStopped = false;

  constructor(options: {
    clock: Clock;
    random: () => number;
    /** Called whenever there is something to take. */
    onReady: () => void;
  }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#onReady = options.onReady;
  }

  /** How many keys wait to be taken. */
  get length(): number {
    return this.#queue.length;
  }

  add(key: string): void {
    if (this.#isStopped || this.#dirty.has(key)) {
      return;
    }
    this.#dirty.add(key);
    if (!this.#processing.has(key)) {
      this.#queue.push(key);
      this.#onReady();
    }
  }

  /**
   * Adds a key after a delay. Of several delays of a key the earliest counts, and a key that is taken before is not
   * added for it any more: whoever works on it then says when to look again.
   */
  addAfter(key: string, delayMs: number): void {
    const dueAt = this.#clock.monotonic() + delayMs;
    const earlier = this.#delayed.get(key);
    if (this.#isStopped || (earlier && earlier.dueAt <= dueAt)) {
      return;
    }
    earlier?.cancel();
    const cancel = this.#clock.schedule(delayMs, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { dueAt, cancel });
  }

  /** Adds a key that failed, later each time. */
  retry(key: string): void {
    const backoff =
      this.#backoffs.get(key) ??
      new Backoff({ ...RETRY, random: this.#random });
    this.#backoffs.set(key, backoff);
    this.addAfter(key, backoff.next());
  }

  /** Forgets that a key ever failed. */
  forget(key: string): void {
    this.#backoffs.delete(key);
  }

  /** Hands out the next key; give it back with {@link WorkQueue.done}. */
  take(): string | undefined {
    const key = this.#queue.shift();
    if (key !== undefined) {
      this.#dirty.delete(key);
      this.#processing.add(key);
      this.#unschedule(key);
    }
    return key;
  }

  done(key: string): void {
    this.#processing.delete(key);
    if (this.#dirty.has(key) && !this.#isStopped) {
      this.#queue.push(key);
      this.#onReady();
    }
  }

  /** Takes nothing any more and forgets everything that waits. */
  stop(): void {
    this.#isStopped = true;
    this.#queue.length = 0;
    this.#dirty.clear();
    for (const key of [...this.#delayed.keys()]) {
      this.#unschedule(key);
    }
  }

  #unschedule(key: string): void {
    this.#delayed.get(key)?.cancel();
    this.#delayed.delete(key);
  }
}
