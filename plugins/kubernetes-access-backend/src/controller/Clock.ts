/** Cancels what {@link Clock.schedule} started; harmless when it has already run. */
export type Cancel = () => void;

/**
 * Time as everything in this plugin takes it, so that tests can turn it by hand.
 */
export interface Clock {
  /** The wall clock, epoch milliseconds. */
  now(): number;
  /** A clock that never steps, milliseconds from an arbitrary start: for deadlines of running things. */
  monotonic(): number;
  /** Runs `task` once after `delayMs`; longer delays than a timer can hold are split up. */
  schedule(delayMs: number, task: () => void): Cancel;
}
