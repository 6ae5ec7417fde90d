import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Cancel, Clock } from '../controller/Clock';
import type { SessionStore, SessionTraffic } from '../database/types';

/** Whoever looks at an open terminal sees what went through it until so long ago. */
export const TRAFFIC_MS = 10_000;

/**
 * Notes now and then how much has gone through the sessions of this process, for those who look at them while they are
 * open: in one statement, of those alone in which something has since, and in none when nothing has.
 */
export class TrafficNotes {
  readonly #traffic: () => SessionTraffic[];
  readonly #sessions: Pick<SessionStore, 'noteTraffic'>;
  readonly #replica: string;
  readonly #clock: Clock;
  readonly #logger: LoggerService;
  /** How much of each session is noted already. */
  #noted = new Map<string, number>();
  #cancel: Cancel = () => {};
  #isArmed = false;
  #isStopped = false;
  #noting: Promise<void> = Promise.resolve();

  constructor(options: {
    /** Of all sessions of this process, from their beginning. */
    traffic: () => SessionTraffic[];
    sessions: Pick<SessionStore, 'noteTraffic'>;
    replica: string;
    clock: Clock;
    logger: LoggerService;
  }) {
    this.#traffic = options.traffic;
    this.#sessions = options.sessions;
    this.#replica = options.replica;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** To be called when there is a session: as long as there is one, it goes on by itself. */
  arm(): void {
    if (!this.#isArmed && !this.#isStopped) {
      this.#isArmed = true;
      this.#noteLater();
    }
  }

  /** Begins nothing more and waits for what is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#noting;
  }

  #noteLater(): void {
    this.#cancel = this.#clock.schedule(TRAFFIC_MS, () => {
      this.#noting = this.#note()
        .catch(error =>
          this.#logger.warn(
            'Could not note how much went through the open terminals; trying again in a moment',
            error,
          ),
        )
        .finally(() => this.#goOn());
    });
  }

  #goOn(): void {
    this.#isArmed = !this.#isStopped && this.#traffic().length > 0;
    if (this.#isArmed) {
      this.#noteLater();
    }
  }

  async #note(): Promise<void> {
    const traffic = this.#traffic();
    const news = traffic.filter(
      each => sum(each) > (this.#noted.get(each.id) ?? 0),
    );
    if (news.length > 0) {
      await this.#sessions.noteTraffic(this.#replica, news);
    }
    this.#noted = new Map(traffic.map(each => [each.id, sum(each)]));
  }
}

function sum({ bytesIn, bytesOut }: SessionTraffic): number {
  return bytesIn + bytesOut;
}
