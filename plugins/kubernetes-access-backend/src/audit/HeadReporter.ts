import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { Cancel, Clock } from '../controller/Clock';
import type { AuditTrail, ChainHead } from './types';

/** A tail that is cut off within this time after it grew may go unnoticed. */
const INTERVAL_MS = 30_000;
/** How often also the heads are looked at that other replicas were to report: one may have been killed. */
const OTHERS_INTERVAL_MS = 5 * 60 * 1000;
/** More than the interval, for clocks that differ. */
const OTHERS_GREW_WITHIN_MS = 6 * 60 * 1000;
/** Chains whose last reported head is remembered, so that it is not reported again. */
const MAX_REMEMBERED = 10_000;
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
  readonly #told = new Map<string, string>();
  #cancels: Cancel[] = [];
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
    this.#report(() => this.#tellGrownWithin(REPORT_AGAIN_MS));
    this.#cancels = [
      this.#every(INTERVAL_MS, () => this.#tellMoved()),
      this.#every(OTHERS_INTERVAL_MS, () =>
        this.#tellGrownWithin(OTHERS_GREW_WITHIN_MS),
      ),
    ];
  }

  /** Reports what is left. */
  async stop(): Promise<void> {
    this.#cancels.forEach(cancel => cancel());
    this.#report(() => this.#tellMoved());
    await this.#reporting;
    this.#stopListening();
  }

  #every(intervalMs: number, task: () => Promise<void>): Cancel {
    let cancel: Cancel;
    const schedule = () => {
      cancel = this.#clock.schedule(intervalMs, () => {
        this.#report(task);
        schedule();
      });
    };
    schedule();
    return () => cancel();
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

  async #tellGrownWithin(ms: number): Promise<void> {
    const since = new Date(this.#clock.now() - ms);
    await this.#tell(await this.#audit.headsSince(since));
  }

  async #tell(all: ChainHead[]): Promise<void> {
    const heads = all.filter(({ chain, mac }) => this.#told.get(chain) !== mac);
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
    this.#remember(heads);
  }

  #remember(heads: ChainHead[]): void {
    if (this.#told.size > MAX_REMEMBERED) {
      this.#told.clear();
    }
    heads.forEach(({ chain, mac }) => this.#told.set(chain, mac));
  }
}
