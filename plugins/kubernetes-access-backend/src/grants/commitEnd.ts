import { ConflictError } from '@backstage/errors';
import {
  isTerminal,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type {
  EndReason,
  RequestState,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type {
  RequestChange,
  RequestStore,
  StoredRequest,
} from '../database/types';

/** How a request ends. */
export interface End {
  reason: EndReason;
  /** An entity ref, `system`, or `outside Backstage, unknown`. */
  actor: string;
  comment?: string;
}

/**
 * Commits the end of a request together with its audit event. From that instant on nothing can be used.
 *
 * @throws ConflictError when it has already ended, saying how, when and by whom
 * @throws NotFoundError
 */
export async function commitEnd(
  store: RequestStore,
  requestId: string,
  end: End,
): Promise<StoredRequest> {
  return store.change(requestId, (current, now) => {
    const state = stateAt(current, current.observed, now);
    if (isTerminal(state.phase)) {
      throw new ConflictError(alreadyEnded(current, state));
    }
    return changeForEnd(current, state, end, now);
  });
}

/**
 * Puts on record that the clock has ended a request. Everybody has seen it as expired since its deadline;
 * when there is nothing to put on record any more, nothing happens.
 */
export async function commitExpiry(
  store: RequestStore,
  requestId: string,
  actor: string,
): Promise<StoredRequest> {
  return store.change(requestId, (current, now) => {
    const state = stateAt(current, current.observed, now);
    const isOnRecord = current.entries.some(entry => entry.kind === 'ended');
    if (state.endReason !== 'expired' || isOnRecord) {
      return {};
    }
    return changeForEnd(current, state, { reason: 'expired', actor }, now);
  });
}

function changeForEnd(
  current: StoredRequest,
  state: RequestState,
  end: End,
  now: Date,
): RequestChange {
  return {
    entries: [
      {
        kind: 'ended',
        actor: end.actor,
        reason: end.reason,
        ...(end.comment ? { comment: end.comment } : {}),
      },
    ],
    ...(state.startsAt
      ? { observed: { removal: { state: 'removing', at: now.toISOString() } } }
      : {}),
    audit: [
      {
        eventId: 'request-end',
        actor: end.actor,
        outcome: 'succeeded',
        requestId: current.id,
        meta: {
          reason: end.reason,
          phaseBefore: state.phase,
          requester: current.requester,
          cluster: current.clusterName,
          hasComment: Boolean(end.comment),
        },
      },
    ],
  };
}

function alreadyEnded(request: StoredRequest, state: RequestState): string {
  const how = state.endReason ?? state.phase.toLowerCase();
  return `Request '${request.id}' has already ended: ${how} at ${state.endedAt} by ${state.endedBy}`;
}
