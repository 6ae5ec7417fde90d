import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { Cancel, Clock } from '../controller/Clock';
import type { ChainHead } from './TrailVerifier';
import type { AuditTrail } from './types';

/** A tail that is cut off within this time after it grew may go unnoticed. */
const INTERVAL_MS = 30_000;
/** At the start, the heads of chains that grew in this time: whoever was to report them may have been killed. */
const REPORT_AGAIN_MS = 24 * 60 * 60 * 1000;
/** Heads in one event; a line of a log has its limits. */
const BATCH = 50;

/**
 * Tells Backstage's auditor from time to time where the chains of the audit trail end. Whoever can write to our
 * database cannot write to that log, so a tail that is cut off, or a chain that is taken away, shows.
 */
export class HeadReporter {
  readonly #audit: Pick<AuditTrail, 'heads' | 'headsSince' | 'onAppend'>;
  readonly #auditor: AuditorService;
  readonly #clock: Clock;
  readonly #logger: LoggerService;
  #moved = new Set<string>();
  #cancel: Cancel = () => {};
  #stopListening = () => {};
  #reporting: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(options: {
    audit: Pick<AuditTrail, 'heads' | 'headsSince' | 'onAppend'>;
    auditor: AuditorService;
    clock: Clock;
    logger: LoggerService;
  }) {
    this.#audit = options.audit;
    this.#auditor = options.auditor;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  start(): void {
    this.#stopListening = this.#audit.onAppend(chain => this.#moved.add(chain));
    const since = new Date(this.#clock.now() - REPORT_AGAIN_MS);
    this.#report(async () => this.#tell(await this.#audit.headsSince(since)));
    this.#schedule();
  }

  /** Reports what is left. */
  async stop(): Promise<void> {
    this.#cancel();
    this.#report(() => this.#tellMoved());
    await this.#reporting;
    this.#stopListening();
  }

  #schedule(): void {
    this.#cancel = this.#clock.schedule(INTERVAL_MS, () => {
      this.#report(() => this.#tellMoved());
      this.#schedule();
    });
  }

  #report(task: () => Promise<void>): void {
    this.#reporting = this.#reporting.then(task).then(
      () => {
        this.#failed = false;
      },
      error => {
        if (!this.#failed) {
          this.#failed = true;
          this.#logger.error(
            `Backstage's auditor was not told where the chains of the audit trail end; that is tried again: ${stringifyError(
              error,
            )}`,
          );
        }
      },
    );
  }

  async #tellMoved(): Promise<void> {
    const moved = [...this.#moved];
    this.#moved = new Set();
    try {
      for (let from = 0; from < moved.length; from += BATCH) {
        const chains = moved.slice(from, from + BATCH);
        await this.#tell(await this.#audit.heads(chains));
      }
    } catch (error) {
      moved.forEach(chain => this.#moved.add(chain));
      throw error;
    }
  }

  async #tell(heads: ChainHead[]): Promise<void> {
    for (let from = 0; from < heads.length; from += BATCH) {
      const event = await this.#auditor.createEvent({
        eventId: 'audit-heads',
        // What is less than medium does not get into the log by default.
        severityLevel: 'medium',
        meta: {
          heads: heads.slice(from, from + BATCH).map(head => ({ ...head })),
        },
      });
      await event.success();
    }
  }
}
