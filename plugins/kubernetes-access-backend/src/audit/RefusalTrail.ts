import type { AuditEvent, AuditTrail } from './types';

/** How long repeated refusals of the same kind are only counted. */
const WINDOW_MS = 60_000;
/** How many kinds are remembered; the oldest is forgotten, and then recorded anew. */
const MAX_KINDS = 10_000;
/** How many kinds one person can fill the trail with in a window; the rest is counted together. */
const MAX_KINDS_OF_ACTOR = 30;

/** What somebody was not let do. */
export interface Refusal {
  actor: string;
  /** What was tried. */
  action:
    | AuditEvent['eventId']
    | 'request-read'
    | 'request-list'
    | 'session-list'
    | 'cluster-list'
    | 'pod-list'
    | 'entity-read';
  /** Why not; a constant. */
  reason: string;
  requestId?: string;
  /** What it was about where there is no request, such as an entity. */
  target?: string;
  meta?: AuditEvent['meta'];
}

/** Refusals of one kind since the first of them was recorded. */
interface Window {
  refusal: Refusal;
  until: number;
  repeated: number;
}

/**
 * Records refusals in the audit trail. The same refusal of the same person is recorded once a minute, and how often
 * it was repeated at the end of that minute, so that nobody can fill the trail by trying and no try is lost.
 */
export class RefusalTrail {
  readonly #audit: AuditTrail;
  readonly #clock: {
    monotonic(): number;
    schedule(delayMs: number, run: () => void): unknown;
  };
  readonly #windows = new Map<string, Window>();
  readonly #recorded = new WeakSet<Error>();

  constructor(options: {
    audit: AuditTrail;
    clock: {
      monotonic(): number;
      schedule(delayMs: number, run: () => void): unknown;
    };
  }) {
    this.#audit = options.audit;
    this.#clock = options.clock;
  }

  /** @param error - what is thrown because of it; see {@link isRecorded} */
  async record(refusal: Refusal, error?: Error): Promise<void> {
    if (error) {
      this.#recorded.add(error);
    }
    const counted = this.#isFlood(refusal) ? floodOf(refusal) : refusal;
    const kind = kindOf(counted);
    const window = this.#windows.get(kind);
    if (window && this.#clock.monotonic() < window.until) {
      window.repeated += 1;
      return;
    }
    this.#open(kind, counted);
    try {
      await this.#append(counted, window?.repeated ?? 0);
    } catch (failure) {
      // The next one of its kind is the first that is on record.
      this.#windows.delete(kind);
      throw failure;
    }
  }

  /** Whether the refusal behind an error is on record. */
  isRecorded(error: unknown): boolean {
    return error instanceof Error && this.#recorded.has(error);
  }

  #open(kind: string, refusal: Refusal): void {
    const window = {
      refusal,
      until: this.#clock.monotonic() + WINDOW_MS,
      repeated: 0,
    };
    this.#windows.delete(kind);
    this.#windows.set(kind, window);
    this.#forgetOldest();
    this.#clock.schedule(WINDOW_MS, () => {
      this.#close(kind, window);
    });
  }

  /** Says how often it was repeated. What cannot be said now is said with the next refusal of the kind. */
  #close(kind: string, window: Window): void {
    if (this.#windows.get(kind) !== window) {
      return;
    }
    const { refusal, repeated } = window;
    if (repeated === 0) {
      this.#windows.delete(kind);
      return;
    }
    window.repeated = 0;
    this.#append(refusal, repeated).then(
      () => {
        if (window.repeated === 0 && this.#windows.get(kind) === window) {
          this.#windows.delete(kind);
        }
      },
      () => {
        window.repeated += repeated;
      },
    );
  }

  /** Whether somebody is refused so many different things that each is not worth an event any more. */
  #isFlood(refusal: Refusal): boolean {
    if (this.#windows.has(kindOf(refusal))) {
      return false;
    }
    const now = this.#clock.monotonic();
    const ofActor = [...this.#windows.values()].filter(
      ({ refusal: { actor }, until }) => actor === refusal.actor && now < until,
    );
    return ofActor.length >= MAX_KINDS_OF_ACTOR;
  }

  async #append(refusal: Refusal, repeated: number): Promise<void> {
    const { actor, action, reason, requestId, target, meta } = refusal;
    await this.#audit.append([
      {
        eventId: 'access-refused',
        actor,
        outcome: 'refused',
        ...(requestId ? { requestId } : {}),
        meta: {
          ...meta,
          ...(target ? { target } : {}),
          action,
          reason,
          repeated,
        },
      },
    ]);
  }

  #forgetOldest(): void {
    const [oldest] = this.#windows.keys();
    if (this.#windows.size > MAX_KINDS) {
      this.#windows.delete(oldest);
    }
  }
}

function kindOf(refusal: Refusal): string {
  const { actor, action, reason, requestId, target } = refusal;
  return JSON.stringify([actor, action, reason, requestId, target]);
}

function floodOf({ actor, action }: Refusal): Refusal {
  return { actor, action, reason: 'too-many-refusals' };
}
