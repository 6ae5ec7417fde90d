import {
  OUTSIDE_ACTOR,
  START_WINDOW_SECONDS,
  SYSTEM_ACTOR,
  isTerminal,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type {
  AccessRequestResource,
  EndReason,
  RequestState,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import { judgeResource } from './judgeResource';

/** Everything that the next step follows from. */
export interface Facts {
  request: StoredRequest;
  /** The resource under the request's name as the API server has it now. */
  resource?: AccessRequestResource;
  /** The database's clock. */
  now: Date;
  installationId: string;
}

/** The end that a step commits. */
export interface PlannedEnd {
  reason: EndReason;
  actor: string;
  comment?: string;
}

/** What to do next about a request. Each step leaves the facts such that the next one follows. */
export type Step =
  /** Nothing but to keep the status true, until something changes or the deadline comes. */
  | { kind: 'wait' }
  | { kind: 'create-resource' }
  /** Note the UID of the resource that was made. */
  | { kind: 'record-resource'; uid: string }
  /** Put labels and the finalizer of the resource right. */
  | { kind: 'mark-resource' }
  /** Commit start and expiry, before the first object of the grant is written. */
  | { kind: 'commit-start' }
  /** Make the objects of the grant, or keep them as they have to be. */
  | { kind: 'apply-grant'; resourceUid: string }
  | { kind: 'commit-end'; end: PlannedEnd }
  /** Take back whatever there is of the grant, verify, release the resource. */
  | { kind: 'remove-grant' }
  /** Ended, and verifiably nothing left. */
  | { kind: 'finished' };

/**
 * Decides the next step of a request. Nothing but the record opens anything: the resource can only end a request.
 */
export function plan(facts: Facts): Step {
  const { request, now } = facts;
  const state = stateAt(request, request.observed, now);
  return isTerminal(state.phase)
    ? planEnded(request, state)
    : planResource(facts) ?? planOpen(request, state, now);
}

function planEnded(request: StoredRequest, state: RequestState): Step {
  const isCommitted = request.entries.some(entry => entry.kind === 'ended');
  if (state.endReason === 'expired' && !isCommitted) {
    return {
      kind: 'commit-end',
      end: { reason: 'expired', actor: SYSTEM_ACTOR },
    };
  }
  return request.observed.removal.state === 'removed'
    ? { kind: 'finished' }
    : { kind: 'remove-grant' };
}

/** What the resource demands before anything else may happen. */
function planResource(facts: Facts): Step | undefined {
  const { request, resource, installationId } = facts;
  switch (judgeResource(request, resource, installationId)) {
    case 'absent':
      return { kind: 'create-resource' };
    case 'unrecorded':
      return { kind: 'record-resource', uid: resource?.metadata.uid ?? '' };
    case 'blurred':
      return { kind: 'mark-resource' };
    case 'gone':
    case 'deleting':
      return endOutside(
        'deleted',
        'The AccessRequest was deleted in the cluster.',
      );
    case 'replaced':
      return endOutside(
        'tampered',
        'The AccessRequest was replaced in the cluster by another one of its name.',
      );
    case 'changed':
      return endOutside(
        'tampered',
        'The AccessRequest in the cluster does not ask for what was asked for.',
      );
    case 'foreign':
      return {
        kind: 'commit-end',
        end: {
          reason: 'failed',
          actor: SYSTEM_ACTOR,
          comment: `An AccessRequest ${request.resourceName} that Kubernetes Access did not make is already in the cluster.`,
        },
      };
    default:
      return undefined;
  }
}

function planOpen(
  request: StoredRequest,
  state: RequestState,
  now: Date,
): Step {
  if (state.phase === 'Pending') {
    return { kind: 'wait' };
  }
  if (!state.startsAt) {
    return { kind: 'commit-start' };
  }
  const giveUpAt = Date.parse(state.startsAt) + START_WINDOW_SECONDS * 1000;
  if (state.phase === 'Approved' && now.getTime() >= giveUpAt) {
    return {
      kind: 'commit-end',
      end: {
        reason: 'failed',
        actor: SYSTEM_ACTOR,
        comment: request.observed.message ?? 'The grant could not be made.',
      },
    };
  }
  return {
    kind: 'apply-grant',
    resourceUid: request.observed.resourceUid ?? '',
  };
}

function endOutside(reason: EndReason, comment: string): Step {
  return { kind: 'commit-end', end: { reason, actor: OUTSIDE_ACTOR, comment } };
}
