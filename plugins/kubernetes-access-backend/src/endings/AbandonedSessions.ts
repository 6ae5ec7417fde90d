import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Cancel, Clock } from '../controller';
import type { SessionStore } from '../database/types';

const LOOK_EVERY_MS = 5_000;

const REASON = 'The back end stopped while this terminal was open.';

/**
 * Closes sessions whose replica has died with them, which also puts them into the queue of those whose processes
 * have to be ended. Every replica does so.
 */
export class AbandonedSessions {
  readonly #options: {
    sessions: Pick<SessionStore, 'closeAbandoned'>;
    clock: Clock;
    logger: LoggerService;
  };
  #cancel: Cancel = () => {};
  #isStopped = true;

  constructor(options: {
    sessions: Pick<SessionStore, 'closeAbandoned'>;
    clock: Clock;
    logger: LoggerService;
  }) {
    this.#options = options;
  }

  start(): void {
    this.#isStopped = false;
    this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  #look(): void {
    const { sessions, clock, logger } = this.#options;
    sessions
      .closeAbandoned(REASON)
      .then(closed => {
        if (closed.length > 0) {
          logger.info(
            `Closed ${closed.length} ${
              closed.length === 1 ? 'session' : 'sessions'
            } whose replica stopped without closing them`,
          );
        }
      })
      .catch(error =>
        logger.warn(
          'Could not look for sessions of replicas that have died; trying again in a moment',
          error,
        ),
      )
      .finally(() => {
        if (!this.#isStopped) {
          this.#cancel = clock.schedule(LOOK_EVERY_MS, () => this.#look());
        }
      });
  }
}
