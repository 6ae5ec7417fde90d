import type { Cancel, Clock } from './Clock';

/** The longest delay that a timer of Node can hold, in milliseconds (2^31 - 1); a longer one would run at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** The clock of this machine. Its timers do not keep the process alive. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  schedule(delayMs: number, task: () => void): Cancel {
    const dueAt = this.monotonic() + delayMs;
    let timer: NodeJS.Timeout;
    const wait = () => {
      const rest = dueAt - this.monotonic();
      timer =
        rest > MAX_TIMER_MS
          ? setTimeout(wait, MAX_TIMER_MS)
          : setTimeout(task, Math.max(0, rest));
      timer.unref();
    };
    wait();
    return () => clearTimeout(timer);
  }
}
