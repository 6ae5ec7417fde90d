import type { Cancel, Clock } from '../controller/Clock';

interface Task {
  dueAt: number;
  run: () => void;
}

/** A clock that only moves when a test moves it. */
export class ManualClock implements Clock {
  #now: number;
  #elapsed = 0;
  readonly #tasks = new Set<Task>();

  constructor(start: string = '2026-01-15T12:00:00.000Z') {
    this.#now = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  schedule(delayMs: number, run: () => void): Cancel {
    const task = { dueAt: this.#elapsed + Math.max(0, delayMs), run };
    this.#tasks.add(task);
    return () => {
      this.#tasks.delete(task);
    };
  }

  /** How many tasks wait. */
  get pending(): number {
    return this.#tasks.size;
  }

  /** Moves time on, running what comes due in its order; lets promises settle between tasks. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    for (;;) {
      await settle();
      const next = this.#nextBefore(end);
      if (!next) {
        break;
      }
      this.#moveTo(next.dueAt);
      this.#tasks.delete(next);
      next.run();
    }
    this.#moveTo(end);
    await settle();
  }

  /** Steps the wall clock without letting time pass, as a corrected system clock does. */
  step(ms: number): void {
    this.#now += ms;
  }

  #nextBefore(end: number): Task | undefined {
    return [...this.#tasks]
      .filter(task => task.dueAt <= end)
      .sort((a, b) => a.dueAt - b.dueAt)[0];
  }

  #moveTo(elapsed: number): void {
    this.#now += elapsed - this.#elapsed;
    this.#elapsed = elapsed;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    await new Promise<void>(resolve => setImmediate(resolve));
  }
}
