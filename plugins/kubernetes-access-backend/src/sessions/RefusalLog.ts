import type { LoggerService } from '@backstage/backend-plugin-api';
import { OUTSIDE_ACTOR } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AuditEvent, AuditTrail } from '../audit/types';
import type { Cancel, Clock } from '../controller/Clock';

/** Refusals of the same kind within this time make two events: the first one, and one with how many more came. */
export const REFUSAL_WINDOW_MS = 60_000;

/** More kinds than that at once are somebody's flood; they count together. */
const MAX_KINDS = 200;

export interface Refusal {
  /** Who, if that is known. */
  user?: string;
  requestId?: string;
  reason: string;
  meta?: AuditEvent['meta'];
}

interface Repeated {
  event: AuditEvent;
  more: number;
  cancel: Cancel;
}

/**
 * Puts refused uses on record. Whoever knocks a thousand times a second must not fill the audit trail:
 * each kind of refusal is written at once when it comes first, then counted for a minute.
 */
export class RefusalLog {
  readonly #audit: AuditTrail;
  readonly #clock: Clock;
  readonly #logger: LoggerService;
  readonly #repeated = new Map<string, Repeated>();

  constructor(options: {
    audit: AuditTrail;
    clock: Clock;
    logger: LoggerService;
  }) {
    this.#audit = options.audit;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  note(refusal: Refusal): void {
    const key = this.#keyOf(refusal);
    const repeated = this.#repeated.get(key);
    if (repeated) {
      repeated.more += 1;
      return;
    }
    const event = eventOf(refusal);
    this.#repeated.set(key, {
      event,
      more: 0,
      cancel: this.#clock.schedule(REFUSAL_WINDOW_MS, () => this.#close(key)),
    });
    this.#write(event);
  }

  /** Writes what was counted. */
  dispose(): void {
    [...this.#repeated.keys()].forEach(key => this.#close(key));
  }

  #keyOf({ user, requestId, reason }: Refusal): string {
    const key = [user ?? '', requestId ?? '', reason].join(' ');
    return this.#repeated.has(key) || this.#repeated.size < MAX_KINDS
      ? key
      : 'too many kinds';
  }

  #close(key: string): void {
    const repeated = this.#repeated.get(key);
    this.#repeated.delete(key);
    repeated?.cancel();
    if (repeated?.more) {
      const { event, more } = repeated;
      this.#write({ ...event, meta: { ...event.meta, repeated: more } });
    }
  }

  #write(event: AuditEvent): void {
    this.#audit.append([event]).catch(error => {
      this.#logger.error(`A refused use could not be put on record: ${error}`);
    });
  }
}

function eventOf({ user, requestId, reason, meta }: Refusal): AuditEvent {
  return {
    eventId: 'access-refused',
    actor: user ?? OUTSIDE_ACTOR,
    outcome: 'refused',
    ...(requestId ? { requestId } : {}),
    meta: { ...meta, reason },
  };
}
