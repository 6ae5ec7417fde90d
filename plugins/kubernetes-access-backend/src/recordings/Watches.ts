import type { Clock } from '../controller/Clock';

/** How often a watcher looks for more. */
const ROUND_MS = 500;
/** How often it is asked whether the watcher still may. */
const RECHECK_MS = 5_000;

/** Somebody who looks at a session while it is open. */
export interface Watch {
  /** Waits until it is time to look for more, and says how things stand then; `over` when this process ends. */
  nextRound(): Promise<'open' | 'closed' | 'over'>;
  /**
   * To be called before anything is shown: whoever reads slowly may have lost the right to read on meanwhile.
   *
   * @returns false when this process ends
   * @throws what says that they may no longer
   */
  mayGoOn(): Promise<boolean>;
}

/** Everybody who looks at a session while it is open. */
export class Watches {
  readonly #clock: Clock;
  readonly #wake = new Set<() => void>();
  #isStopped = false;

  constructor(options: { clock: Clock }) {
    this.#clock = options.clock;
  }

  /**
   * @param input - `mayStill` rejects when the watcher no longer may
   */
  begin(input: {
    isOpen(): Promise<boolean>;
    mayStill(): Promise<unknown>;
  }): Watch {
    let checkedAt = this.#clock.monotonic();
    const mayGoOn = async () => {
      if (this.#clock.monotonic() - checkedAt >= RECHECK_MS) {
        await input.mayStill();
        checkedAt = this.#clock.monotonic();
      }
      return !this.#isStopped;
    };
    return {
      mayGoOn,
      nextRound: async () => {
        await this.#pause();
        if (!(await mayGoOn())) {
          return 'over';
        }
        return (await input.isOpen()) ? 'open' : 'closed';
      },
    };
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
