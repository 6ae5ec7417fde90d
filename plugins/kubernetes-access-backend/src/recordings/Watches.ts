import type { Clock } from '../controller/Clock';

/** How often a watcher looks for more. */
const ROUND_MS = 500;
/** How often it is asked whether the watcher still may. */
const RECHECK_MS = 5_000;

/** People who look at sessions while they are open. */
export class Watches {
  readonly #clock: Clock;
  readonly #wake = new Set<() => void>();
  #isStopped = false;

  constructor(options: { clock: Clock }) {
    this.#clock = options.clock;
  }

  /**
   * Says again and again whether the session is open, until it is not, or until this process ends.
   *
   * @param watch - `mayStill` rejects when the watcher no longer may; what it rejects with is thrown
   */
  async *rounds(watch: {
    isOpen(): Promise<boolean>;
    mayStill(): Promise<unknown>;
  }): AsyncGenerator<boolean> {
    let checkedAt = this.#clock.monotonic();
    while (!this.#isStopped) {
      await this.#pause();
      if (this.#clock.monotonic() - checkedAt >= RECHECK_MS) {
        await watch.mayStill();
        checkedAt = this.#clock.monotonic();
      }
      const isOpen = await watch.isOpen();
      yield isOpen;
      if (!isOpen) {
        return;
      }
    }
  }

  /** Whoever watches is sent away, and comes back to another replica. */
  stop(): void {
    this.#isStopped = true;
    this.#wake.forEach(wake => wake());
  }

  async #pause(): Promise<void> {
    let wake = () => {};
    await new Promise<void>(resolve => {
      const cancel = this.#clock.schedule(ROUND_MS, resolve);
      wake = () => {
        cancel();
        resolve();
      };
      this.#wake.add(wake);
    });
    this.#wake.delete(wake);
  }
}
