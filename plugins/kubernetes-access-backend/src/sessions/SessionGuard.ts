import type { Cancel, Clock } from '../controller/Clock';
import { ENDINGS, type SessionEnd } from './endingMessages';
import { within } from './within';

/** How often it is checked that an open session still has its authority. */
export const RECHECK_MS = 60_000;

/** A check that could not be made is made again this soon; if it fails again, nobody can tell any more. */
export const RECHECK_RETRY_MS = 5_000;

/** A check that takes longer was not made. */
const RECHECK_LIMIT_MS = 10_000;

export interface SessionGuardOptions {
  clock: Clock;
  /** The instant on the monotonic clock from which on nothing may be used, whatever the wall clocks do. */
  deadline: number;
  idleMs: number;
  /** When something was last typed or printed, by the monotonic clock. */
  lastActivity: () => number;
  /** Looks whether the session may go on. Rejects when that cannot be told. */
  recheck: () => Promise<SessionEnd | undefined>;
  onEnd: (end: SessionEnd) => void;
}

/** Ends an open session that has no right to go on: time up, idle, authority gone, or nobody can tell. */
export class SessionGuard {
  readonly #options: SessionGuardOptions;
  readonly #timers: Record<'deadline' | 'idle' | 'recheck', Cancel>;
  #disposed = false;

  constructor(options: SessionGuardOptions) {
    this.#options = options;
    this.#timers = {
      deadline: this.#after(options.deadline - options.clock.monotonic(), () =>
        this.#end(ENDINGS.expired),
      ),
      idle: this.#after(options.idleMs, () => this.#checkIdle()),
      recheck: this.#after(RECHECK_MS, () => this.#recheck(1)),
    };
  }

  dispose(): void {
    this.#disposed = true;
    Object.values(this.#timers).forEach(cancel => cancel());
  }

  #after(delayMs: number, task: () => void): Cancel {
    return this.#options.clock.schedule(Math.max(0, delayMs), task);
  }

  #end(end: SessionEnd): void {
    if (!this.#disposed) {
      this.dispose();
      this.#options.onEnd(end);
    }
  }

  #checkIdle(): void {
    const { clock, idleMs, lastActivity } = this.#options;
    const left = lastActivity() + idleMs - clock.monotonic();
    if (left <= 0) {
      this.#end(ENDINGS.idle);
      return;
    }
    this.#timers.idle = this.#after(left, () => this.#checkIdle());
  }

  #recheck(triesLeft: number): void {
    const again = (delayMs: number, tries: number) => {
      if (!this.#disposed) {
        this.#timers.recheck = this.#after(delayMs, () => this.#recheck(tries));
      }
    };
    const { clock, recheck } = this.#options;
    within(clock, RECHECK_LIMIT_MS, recheck()).then(
      end => (end ? this.#end(end) : again(RECHECK_MS, 1)),
      () =>
        triesLeft > 0
          ? again(RECHECK_RETRY_MS, triesLeft - 1)
          : this.#end(ENDINGS.cannotTell),
    );
  }
}
