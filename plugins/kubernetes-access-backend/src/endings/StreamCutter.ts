import {
  isTerminal,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type {
  EndReason,
  RequestState,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Cancel, Clock } from '../controller/Clock';
import type {
  ChangeFeed,
  RequestStore,
  StoredRequest,
} from '../database/types';
import type { GrantAccess } from '../grants';
import type { Names } from '../requests';
import { PLAIN_NAMES } from '../requests';
import type { LiveSessions } from '../sessions/types';

interface Options {
  /** The changes of this replica and of all others. */
  changes: ChangeFeed;
  store: Pick<RequestStore, 'now'>;
  sessions: LiveSessions;
  tokens: Pick<GrantAccess, 'forget'>;
  /** How people are called; by their refs where it is missing. */
  names?: Names;
  clock: Clock;
  logger: LoggerService;
}

/**
 * Closes the terminals of a request in the moment in which its end is committed, or its time is up: between that and
 * the closing there is no call to anything. Sessions keep a deadline of their own as well.
 */
export class StreamCutter {
  readonly #options: Options;
  readonly #expiries = new Map<string, Cancel>();
  #unsubscribe: () => void = () => {};

  constructor(options: Options) {
    this.#options = options;
  }

  start(): void {
    this.#unsubscribe = this.#options.changes.onChange(request =>
      this.#look(request),
    );
  }

  stop(): void {
    this.#unsubscribe();
    this.#expiries.forEach(cancel => cancel());
    this.#expiries.clear();
  }

  #look(request: StoredRequest): void {
    const now = new Date(this.#options.clock.now());
    const state = stateAt(request, request.observed, now);
    if (isTerminal(state.phase)) {
      this.#cut(request.id, state);
      return;
    }
    this.#learnNames(request);
    if (state.expiresAt && !this.#expiries.has(request.id)) {
      this.#cutAt(request, state.expiresAt);
    }
  }

  /** In time: when the end is committed there is no time to ask. */
  #learnNames({ approvers, entries }: StoredRequest): void {
    const { names = PLAIN_NAMES } = this.#options;
    // Never rejects.
    names.learn([...approvers.users, ...entries.map(({ actor }) => actor)]);
  }

  #cutAt(request: StoredRequest, expiresAt: string): void {
    const { store, clock, logger } = this.#options;
    this.#expiries.set(request.id, () => {});
    // The database's clock is the one that the deadline is on.
    store
      .now()
      .then(now => {
        if (!this.#expiries.has(request.id)) {
          return;
        }
        const cancel = clock.schedule(
          Math.max(0, Date.parse(expiresAt) - now.getTime()),
          () =>
            this.#cut(
              request.id,
              stateAt(request, request.observed, new Date(expiresAt)),
            ),
        );
        this.#expiries.set(request.id, cancel);
      })
      .catch(error => {
        this.#expiries.delete(request.id);
        logger.error(
          `Could not read the database's clock to watch the expiry of request '${request.id}'`,
          error,
        );
      });
  }

  #cut(requestId: string, state: RequestState): void {
    const { sessions, tokens, names = PLAIN_NAMES } = this.#options;
    this.#expiries.get(requestId)?.();
    this.#expiries.delete(requestId);
    tokens.forget(requestId);
    sessions.cut(requestId, {
      reason: reasonOf(state),
      message: messageOf(state, names),
    });
  }
}

function reasonOf({ endReason }: RequestState): EndReason {
  return !endReason || endReason === 'denied' ? 'revoked' : endReason;
}

/** What the people at the terminal read. */
function messageOf({ endReason, endedBy }: RequestState, names: Names): string {
  switch (endReason) {
    case 'expired':
      return 'Your time was up.';
    case 'cancelled':
      return 'You ended the access.';
    case 'revoked':
      return `${names.of(endedBy ?? '')} revoked the access.`;
    case 'deleted':
      return 'The access was ended in the cluster, outside of Backstage.';
    case 'tampered':
      return 'The access was ended because its AccessRequest in the cluster had been changed.';
    default:
      return 'The access has ended.';
  }
}
