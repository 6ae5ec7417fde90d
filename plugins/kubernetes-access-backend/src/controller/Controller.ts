import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Clock } from './Clock';
import { TerminalError } from './TerminalError';
import { WorkQueue } from './WorkQueue';

/** When to look again though nothing is heard; never when unset. */
export interface Result {
  requeueAfterMs?: number;
}

/**
 * Brings one thing in line with what it should be. It is level-triggered: the key says what to look at, not what
 * happened. It is never called for the same key twice at once. When it throws it is called again, later each time,
 * unless it throws a {@link TerminalError}.
 */
export type Reconcile = (key: string) => Promise<Result>;

/** How a run of {@link Reconcile} went, for metrics. */
export type Outcome = 'success' | 'requeue' | 'error' | 'terminal-error';

export interface ControllerOptions {
  /** For people, e.g. `grants of cluster demo`. */
  name: string;
  reconcile: Reconcile;
  /** How many keys are worked on at once. */
  concurrency: number;
  clock: Clock;
  logger: LoggerService;
  onOutcome?: (outcome: Outcome) => void;
  random?: () => number;
}

/** Works on keys until each is as it should be. */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #queue: WorkQueue;
  readonly #running = new Set<Promise<void>>();
  #isStarted = false;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#queue = new WorkQueue({
      clock: options.clock,
      random: options.random ?? Math.random,
      onReady: () => this.#fill(),
    });
  }

  /** Keys that were added before are worked on from now on. */
  start(): void {
    this.#isStarted = true;
    this.#fill();
  }

  /** Begins nothing more and waits for what is under way. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    this.#queue.stop();
    await Promise.all(this.#running);
  }

  /** Has a key looked at soon. */
  add(key: string): void {
    this.#queue.add(key);
  }

  /** Has a key looked at after a delay, if nobody asks for it before. */
  addAfter(key: string, delayMs: number): void {
    this.#queue.addAfter(key, delayMs);
  }

  #fill(): void {
    while (
      this.#isStarted &&
      this.#running.size < this.#options.concurrency &&
      this.#queue.length > 0
    ) {
      this.#work(this.#queue.take()!);
    }
  }

  #work(key: string): void {
    const run = this.#reconcile(key).finally(() => {
      this.#running.delete(run);
      this.#queue.done(key);
      this.#fill();
    });
    this.#running.add(run);
  }

  /** Never rejects. */
  async #reconcile(key: string): Promise<void> {
    const { reconcile, onOutcome } = this.#options;
    try {
      const { requeueAfterMs } = await reconcile(key);
      this.#queue.forget(key);
      if (requeueAfterMs !== undefined) {
        this.#queue.addAfter(key, requeueAfterMs);
      }
      onOutcome?.(requeueAfterMs === undefined ? 'success' : 'requeue');
    } catch (error) {
      this.#fail(key, error);
    }
  }

  #fail(key: string, error: unknown): void {
    const { name, logger, onOutcome } = this.#options;
    const isTerminal = error instanceof TerminalError;
    const next = isTerminal ? 'giving up' : 'trying again';
    logger.warn(
      `Controller of ${name}: '${key}' failed, ${next}`,
      asError(error),
    );
    onOutcome?.(isTerminal ? 'terminal-error' : 'error');
    if (isTerminal) {
      this.#queue.forget(key);
    } else {
      this.#queue.retry(key);
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
