import type { Cancel, Clock } from '../controller';
import { SystemClock } from '../controller';

/** The clock of a process that can stand still: time goes on meanwhile, and its timers ring when it goes on. */
export class StallableClock implements Clock {
  readonly #clock = new SystemClock();
  readonly #overdue = new Set<() => void>();
  #isStalled = false;

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  schedule(delayMs: number, task: () => void): Cancel {
    const cancel = this.#clock.schedule(delayMs, () => {
      if (this.#isStalled) {
        this.#overdue.add(task);
      } else {
        task();
      }
    });
    return () => {
      cancel();
      this.#overdue.delete(task);
    };
  }

  stall(): void {
    this.#isStalled = true;
  }

  resume(): void {
    this.#isStalled = false;
    const overdue = [...this.#overdue];
    this.#overdue.clear();
    overdue.forEach(task => task());
  }
}
