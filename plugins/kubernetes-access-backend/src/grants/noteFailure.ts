import {
  isTerminal,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { RequestChange, StoredRequest } from '../database/types';
import type { GrantContext } from './GrantContext';

/**
 * Shows people what keeps a grant from being made or removed. The same words are written once, however often the
 * attempt is repeated.
 */
export async function noteFailure(
  { store, logger }: GrantContext,
  requestId: string,
  error: unknown,
): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  try {
    await store.change(requestId, (current, now) =>
      changeFor(current, now, message),
    );
  } catch (failure) {
    logger.error(
      `Could not note on request '${requestId}' that ${message}`,
      failure as Error,
    );
  }
}

/** Takes back what was said of a failure that is over. */
export async function noteSuccess(
  { store }: GrantContext,
  { id, observed }: StoredRequest,
): Promise<void> {
  if (observed.message !== undefined) {
    await store.change(id, current =>
      current.observed.message === undefined
        ? {}
        : { observed: { message: undefined } },
    );
  }
}

function changeFor(
  current: StoredRequest,
  now: Date,
  message: string,
): RequestChange {
  const { removal, message: before } = current.observed;
  const state = stateAt(current, current.observed, now);
  if (!isTerminal(state.phase)) {
    return before === message ? {} : { observed: { message } };
  }
  const isKnown = removal.state === 'failing' && removal.message === message;
  return isKnown || removal.state === 'removed'
    ? {}
    : {
        observed: {
          removal: { state: 'failing', message, at: now.toISOString() },
        },
      };
}
