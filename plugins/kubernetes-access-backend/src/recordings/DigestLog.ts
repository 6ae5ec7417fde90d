import type { LoggerService } from '@backstage/backend-plugin-api';
import type { AuditTrail } from '../audit/types';
import type { Cancel, Clock } from '../controller/Clock';

/** Digests that go into one audit event. */
const BATCH_SIZE = 16;

/** How long a digest waits for others. */
const BATCH_MAX_AGE_MS = 10_000;

/** Digests that are kept while the audit trail fails; about an hour of output. */
const MAX_WAITING = 4096;

/**
 * Writes the digests of a recording's segments into the audit trail, so that a segment that is changed, exchanged
 * or taken away later shows. Several go into one event: the trail is not to grow with each second of output.
 */
export class DigestLog {
  readonly #sessionId: string;
  readonly #requestId: string;
  readonly #audit: Pick<AuditTrail, 'append'>;
  readonly #clock: Clock;
  readonly #logger: LoggerService;
  #waiting: Array<{ sequence: number; digest: string }> = [];
  #cancel: Cancel | undefined;
  #failed = false;
  #tail: Promise<void> = Promise.resolve();

  constructor(options: {
    sessionId: string;
    requestId: string;
    audit: Pick<AuditTrail, 'append'>;
    clock: Clock;
    logger: LoggerService;
  }) {
    this.#sessionId = options.sessionId;
    this.#requestId = options.requestId;
    this.#audit = options.audit;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  add(sequence: number, digest: string): void {
    this.#waiting.push({ sequence, digest });
    if (this.#waiting.length >= BATCH_SIZE) {
      this.#flush();
      return;
    }
    this.#cancel ??= this.#clock.schedule(BATCH_MAX_AGE_MS, () =>
      this.#flush(),
    );
  }

  /** Never rejects. */
  async end(): Promise<void> {
    this.#flush();
    await this.#tail;
  }

  #flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#tail = this.#tail
      .then(() => this.#write())
      .catch(error => {
        if (!this.#failed) {
          this.#failed = true;
          this.#logger.error(
            `The digests of the recording of session ${
              this.#sessionId
            } could not be written to the audit trail: ${error}`,
          );
        }
      });
  }

  async #write(): Promise<void> {
    const batch = this.#waiting;
    if (batch.length === 0) {
      return;
    }
    this.#waiting = [];
    try {
      await this.#audit.append([
        {
          eventId: 'recording-segment',
          actor: 'system',
          outcome: 'succeeded',
          requestId: this.#requestId,
          meta: {
            session: this.#sessionId,
            first: batch[0].sequence,
            digests: batch.map(({ digest }) => digest),
          },
        },
      ]);
    } catch (error) {
      this.#waiting = [...batch, ...this.#waiting].slice(-MAX_WAITING);
      throw error;
    }
  }
}
