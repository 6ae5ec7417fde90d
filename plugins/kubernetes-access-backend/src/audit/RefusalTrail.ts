import type { AuditEvent, AuditTrail } from './types';

/** How long repeated refusals of the same kind are only counted. */
const WINDOW_MS = 60_000;
/** How many kinds are remembered; the oldest is forgotten, and then recorded anew. */
const MAX_KINDS = 10_000;

/** What somebody was not let do. */
export interface Refusal {
  actor: string;
  /** What was tried. */
  action: AuditEvent['eventId'];
  /** Why not; a constant. */
  reason: string;
  requestId?: string;
  meta?: AuditEvent['meta'];
}

/**
 * Records refusals in the audit trail. The same refusal of the same person is recorded once a minute, with the
 * number of times that it was repeated before, so that nobody can fill the trail by trying.
 */
export class RefusalTrail {
  readonly #audit: AuditTrail;
  readonly #clock: { monotonic(): number };
  readonly #seen = new Map<string, { until: number; repeated: number }>();

  constructor(options: { audit: AuditTrail; clock: { monotonic(): number } }) {
    this.#audit = options.audit;
    this.#clock = options.clock;
  }

  async record(refusal: Refusal): Promise<void> {
    const { actor, action, reason, requestId, meta } = refusal;
    const kind = JSON.stringify([actor, action, reason, requestId]);
    const now = this.#clock.monotonic();
    const before = this.#seen.get(kind);
    if (before && now < before.until) {
      before.repeated += 1;
      return;
    }
    this.#seen.delete(kind);
    this.#seen.set(kind, { until: now + WINDOW_MS, repeated: 0 });
    this.#forgetOldest();
    await this.#audit.append([
      {
        eventId: 'access-refused',
        actor,
        outcome: 'refused',
        ...(requestId ? { requestId } : {}),
        meta: { ...meta, action, reason, repeated: before?.repeated ?? 0 },
      },
    ]);
  }

  #forgetOldest(): void {
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > MAX_KINDS) {
      this.#seen.delete(oldest);
    }
  }
}
