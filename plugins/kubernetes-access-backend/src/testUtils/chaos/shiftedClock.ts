/**
 * Puts this process's wall clock off without touching the machine's: `Date` tells another time from then on. What
 * counts elapsed time (timers, `performance.now`) goes on as ever, as it does where a real clock is set.
 */
const RealDate = Date;
let offsetMs = 0;

/** @param ms - how far ahead of the machine's clock this process's is from now on */
export function shiftClock(ms: number): void {
  offsetMs = ms;
}

class ShiftedDate extends RealDate {
  constructor(...args: [] | ConstructorParameters<typeof Date>) {
    if (args.length === 0) {
      super(RealDate.now() + offsetMs);
    } else {
      super(...(args as ConstructorParameters<typeof Date>));
    }
  }

  static override now(): number {
    return RealDate.now() + offsetMs;
  }
}

globalThis.Date = ShiftedDate as DateConstructor;
