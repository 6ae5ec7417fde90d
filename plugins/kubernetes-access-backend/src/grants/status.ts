import {
  OUTSIDE_ACTOR,
  SYSTEM_ACTOR,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type {
  AccessRequestCondition,
  AccessRequestGrantStatus,
  AccessRequestStatus,
  RequestState,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { canonicalJson } from '../canonicalJson';
import type { StoredRequest } from '../database/types';
import type { PodChoice } from './choosePods';
import { MAX_PODS_PER_GRANT } from './choosePods';
import { grantName } from './names';

/** What the status of a resource follows from. */
export interface StatusInput {
  request: StoredRequest;
  now: Date;
  grantNamespace: string;
  /** The pods that the grant reaches, where they were looked at. */
  pods?: PodChoice;
  generation?: number;
  previous?: AccessRequestStatus;
}

/** Builds the status for people who read the resource with kubectl. Nothing ever reads it to decide. */
export function buildStatus(input: StatusInput): AccessRequestStatus {
  const { request, now, previous } = input;
  const state = stateAt(request, request.observed, now);
  const at = now.toISOString();
  const wanted = [
    grantedCondition(request, state, at),
    podsCondition(input, at),
    processesCondition(request, at),
    removedCondition(request, state, at),
  ];
  const conditions = wanted.flatMap(condition => {
    const before = previous?.conditions?.find(
      ({ type }) => type === condition?.type,
    );
    return keepInstant(condition, before) ?? [];
  });
  return {
    phase: state.phase,
    conditions,
    ...optional('observedGeneration', input.generation),
    ...optional('startsAt', state.startsAt),
    ...optional('grantedAt', request.observed.grantedAt),
    ...optional('expiresAt', state.expiresAt),
    ...optional('endedAt', state.endedAt),
    ...optional('endReason', state.endReason),
    ...optional('grant', grantOf(input, state)),
    message: messageOf(request, state),
  };
}

/** Whether writing a status would change anything. */
export function isSameStatus(
  a: AccessRequestStatus | undefined,
  b: AccessRequestStatus,
): boolean {
  return canonicalJson(a ?? {}) === canonicalJson(b);
}

/** A condition that says what it said before was seen when it was first seen. */
function keepInstant(
  condition: AccessRequestCondition | undefined,
  before: AccessRequestCondition | undefined,
): AccessRequestCondition | undefined {
  if (!condition) {
    return before;
  }
  return before && says(before) === says(condition) ? before : condition;
}

function says({ status, reason, message }: AccessRequestCondition): string {
  return canonicalJson({ status, reason, message });
}

function grantedCondition(
  request: StoredRequest,
  state: RequestState,
  observedAt: string,
): AccessRequestCondition {
  const type = 'Granted';
  if (state.phase === 'Active') {
    return {
      type,
      status: 'True',
      reason: 'Granted',
      message: 'ServiceAccount, Roles and RoleBindings exist.',
      observedAt,
    };
  }
  if (state.endedAt) {
    return {
      type,
      status: 'False',
      reason: 'Ended',
      message: 'The request has ended.',
      observedAt,
    };
  }
  if (request.observed.message) {
    return {
      type,
      status: 'False',
      reason: 'CannotGrant',
      message: request.observed.message,
      observedAt,
    };
  }
  return {
    type,
    status: 'False',
    reason: state.phase,
    message:
      state.phase === 'Pending'
        ? 'Nobody has decided yet.'
        : 'The grant is being made.',
    observedAt,
  };
}

function podsCondition(
  { pods }: StatusInput,
  observedAt: string,
): AccessRequestCondition | undefined {
  if (!pods) {
    return undefined;
  }
  const type = 'PodsMatched';
  if (pods.matching === 0) {
    return {
      type,
      status: 'False',
      reason: 'NoPods',
      message: 'No pod matches now; pods that appear are added.',
      observedAt,
    };
  }
  if (pods.matching > pods.chosen) {
    return {
      type,
      status: 'True',
      reason: 'TooManyPods',
      message: tooManyPods(pods),
      observedAt,
    };
  }
  return {
    type,
    status: 'True',
    reason: 'PodsFound',
    message: `The grant reaches ${pods.chosen} ${
      pods.chosen === 1 ? 'pod' : 'pods'
    }.`,
    observedAt,
  };
}

/** Says that a grant does not reach everything that matches. */
export function tooManyPods(pods: PodChoice): string {
  return `${
    pods.matching
  } pods match; a grant reaches at most ${MAX_PODS_PER_GRANT}, so ${
    pods.matching - pods.chosen
  } of them are left out.`;
}

/** The containers' own word: root in one can make it say anything, so that "True" is what was reported. */
function processesCondition(
  { observed }: StoredRequest,
  observedAt: string,
): AccessRequestCondition | undefined {
  const { processes } = observed;
  if (!processes) {
    return undefined;
  }
  const type = 'ProcessesEnded';
  const { sessions, waiting, left, unknown } = processes;
  const terminals = (count: number) =>
    count === 1 ? '1 terminal' : `${count} terminals`;
  if (left > 0) {
    return {
      type,
      status: 'False',
      reason: 'ProcessesLeft',
      message: `Processes that ${terminals(
        left,
      )} left behind could not be ended.`,
      observedAt,
    };
  }
  if (waiting > 0) {
    return {
      type,
      status: 'Unknown',
      reason: 'Waiting',
      message: `The processes of ${terminals(waiting)} are still to be ended.`,
      observedAt,
    };
  }
  if (unknown > 0) {
    return {
      type,
      status: 'Unknown',
      reason: 'CannotTell',
      message: `Whether ${terminals(
        unknown,
      )} left processes behind could not be checked.`,
      observedAt,
    };
  }
  return {
    type,
    status: 'True',
    reason: 'NoneReported',
    message: `The containers report nothing that ${terminals(
      sessions,
    )} left behind.`,
    observedAt,
  };
}

function removedCondition(
  { observed }: StoredRequest,
  state: RequestState,
  observedAt: string,
): AccessRequestCondition | undefined {
  if (!state.endedAt) {
    return undefined;
  }
  const type = 'Removed';
  switch (observed.removal.state) {
    case 'removed':
      return {
        type,
        status: 'True',
        reason: 'Removed',
        message: 'Nothing of the grant is left in the cluster.',
        observedAt,
      };
    case 'failing':
      return {
        type,
        status: 'False',
        reason: 'Failing',
        message:
          observed.removal.message ??
          'Something of the grant could not be removed yet.',
        observedAt,
      };
    default:
      return {
        type,
        status: 'False',
        reason: 'Removing',
        message: 'The grant is being removed.',
        observedAt,
      };
  }
}

function grantOf(
  { request, grantNamespace }: StatusInput,
  state: RequestState,
): AccessRequestGrantStatus | undefined {
  const uid = request.observed.resourceUid;
  if (!state.startsAt || !uid) {
    return undefined;
  }
  const { requester, targets } = request.terms;
  const name = grantName(requester, request.id, uid);
  return {
    serviceAccountNamespace: grantNamespace,
    serviceAccountName: name,
    roles: [...new Set(targets.map(target => target.namespace))].map(
      namespace => ({ namespace, name }),
    ),
  };
}

function messageOf(request: StoredRequest, state: RequestState): string {
  switch (state.phase) {
    case 'Pending':
      return `Waits for a decision until ${request.pendingUntil}.`;
    case 'Approved':
      return (
        request.observed.message ??
        `Approved by ${state.approvedBy.join(', ')}; the grant is being made.`
      );
    case 'Active':
      return `${request.terms.requester} has access until ${state.expiresAt}.`;
    case 'Denied':
      return `Denied by ${state.endedBy}.`;
    case 'Expired':
      return state.startsAt ? 'The time was up.' : endedUnused(state);
    default:
      return (
        ownComment(state) ?? `Ended by ${state.endedBy} (${state.endReason}).`
      );
  }
}

/** What people write when they end something stays in the database; what we write ourselves may be shown. */
function ownComment(state: RequestState): string | undefined {
  const isOurs =
    state.endedBy === SYSTEM_ACTOR || state.endedBy === OUTSIDE_ACTOR;
  return isOurs ? state.endComment : undefined;
}

function endedUnused(state: RequestState): string {
  return state.approvedAt
    ? 'The grant could not start in time.'
    : 'Nobody decided in time.';
}

function optional<K extends string, V>(
  key: K,
  value: V | undefined,
): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
