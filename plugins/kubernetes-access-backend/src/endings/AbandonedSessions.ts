import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Cancel, Clock } from '../controller';
import type { SessionStore } from '../database/types';

const LOOK_EVERY_MS = 5_000;

const REPLICA_DIED = 'The back end stopped while this terminal was open.';
const NOBODY_CAME = 'Nobody came with the ticket in time.';

/**
 * Closes sessions that nobody else closes, and so every replica does: those that nobody came to in time, which would be
 * shown as opening for ever, and those whose replica has died with them, which also puts these into the queue of those
 * whose processes have to be ended.
 */
export class AbandonedSessions {
  readonly #options: {
    sessions: Pick<SessionStore, 'closeAbandoned' | 'closeUnused'>;
    clock: Clock;
    logger: LoggerService;
  };
  #cancel: Cancel = () => {};
  #isStopped = true;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: {
    sessions: Pick<SessionStore, 'closeAbandoned' | 'closeUnused'>;
    clock: Clock;
    logger: LoggerService;
  }) {
    this.#options = options;
  }

  start(): void {
    this.#isStopped = false;
    this.#look();
  }

  /** Begins nothing more and waits for what is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#looking;
  }

  #look(): void {
    const { clock, logger } = this.#options;
    this.#looking = this.#close()
      .catch(error =>
        logger.warn(
          'Could not look for sessions that nobody closes; trying again in a moment',
          error,
        ),
      )
      .finally(() => {
        if (!this.#isStopped) {
          this.#cancel = clock.schedule(LOOK_EVERY_MS, () => this.#look());
        }
      });
  }

  async #close(): Promise<void> {
    const { sessions, logger } = this.#options;
    await sessions.closeUnused(NOBODY_CAME);
    const { length } = await sessions.closeAbandoned(REPLICA_DIED);
    if (length > 0) {
      logger.info(
        `Closed ${length} ${
          length === 1 ? 'session' : 'sessions'
        } whose replica stopped without closing them`,
      );
    }
  }
}
