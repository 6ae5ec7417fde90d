import type { LoggerService } from '@backstage/backend-plugin-api';

/** Something that runs from the start of the plugin until its end. */
interface Part {
  start(): void | Promise<void>;
  stop(): void | Promise<void>;
}

/** Something whose start returns how to stop it. */
interface Starter {
  start(): () => void | Promise<void>;
}

/** Starts what runs in the back end in order, and stops it in the opposite one. */
export class RunningParts {
  readonly #logger: LoggerService;
  readonly #parts: Array<{ name: string; part: Part }> = [];

  constructor(logger: LoggerService) {
    this.#logger = logger;
  }

  add(name: string, part: Part): void {
    this.#parts.push({ name, part });
  }

  addStarter(name: string, starter: Starter): void {
    let stop: () => void | Promise<void> = () => {};
    this.add(name, {
      start: () => {
        stop = starter.start();
      },
      stop: () => stop(),
    });
  }

  async start(): Promise<void> {
    for (const { part } of this.#parts) {
      await part.start();
    }
  }

  /** One that does not stop cleanly keeps no other from stopping. */
  async stop(): Promise<void> {
    for (const { name, part } of [...this.#parts].reverse()) {
      try {
        await part.stop();
      } catch (error) {
        this.#logger.warn(`Stopping the ${name} failed`, error as Error);
      }
    }
  }
}
