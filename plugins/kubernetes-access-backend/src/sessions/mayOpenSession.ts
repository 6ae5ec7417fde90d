import type {
  AccessRequestPhase,
  CloseCodeName,
  RequestState,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { isTerminal } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import type { Pod } from '../kubernetes/types';

/** Why a session may not be opened, or not go on. The reason is what auditors filter by. */
export interface SessionRefusal {
  reason:
    | 'not-requester'
    | 'not-active'
    | 'foreign-namespace'
    | 'foreign-container'
    | 'pod-not-matched'
    | 'no-container'
    | 'container-not-running'
    | 'pod-replaced'
    | 'container-restarted'
    | 'user-gone'
    | 'not-permitted'
    | 'consent-gone'
    | 'too-many-of-user'
    | 'too-many-of-request';
  /** One sentence for people. */
  message: string;
  /** How an open WebSocket says it. */
  close: CloseCodeName;
}

/** Where a session is to run. */
export interface SessionPlace {
  namespace: string;
  pod: string;
  container: string;
}

/** A container as a session entered it: another one of the same name is another one. */
export interface SessionContainer {
  podUid: string;
  containerId: string;
}

export interface UseInput {
  user: string;
  request: StoredRequest;
  /** As of the database's now. */
  state: RequestState;
}

export interface PlaceInput {
  request: StoredRequest;
  place: SessionPlace;
}

export interface ContainerInput extends PlaceInput {
  /** The pod as the cluster has it now, if it is one of the request's. */
  pod: Pod | undefined;
  /** What the session was opened for, where that is known already. */
  entered?: SessionContainer;
}

export interface LimitInput {
  ofUser: number;
  ofRequest: number;
  limits: { maxPerUser: number; maxPerRequest: number };
}

type Check<Input> = (input: Input) => SessionRefusal | undefined;

/** The four questions before a session, cheapest first. Each is a list of checks, and the first that fails tells. */
export const mayOpenSession = {
  /** Is it the caller's request, and does it stand now? */
  use: chain<UseInput>([callerIsRequester, requestIsActive]),
  /** Is the place one of those that were approved? */
  place: chain<PlaceInput>([namespaceIsTarget, containerIsTarget]),
  /** Does the cluster have that place now, and is it still the same? */
  container: chain<ContainerInput>([
    podIsMatched,
    podIsTheSame,
    containerExists,
    containerRuns,
    containerIsTheSame,
  ]),
  /** Is there room for one more? */
  limits: chain<LimitInput>([userHasRoom, requestHasRoom]),
};

/** The container of a pod that has passed the checks. */
export function containerOf(pod: Pod, name: string): SessionContainer {
  return {
    podUid: pod.metadata.uid ?? '',
    containerId: statusOf(pod, name)?.containerID ?? '',
  };
}

function chain<Input>(checks: Array<Check<Input>>): Check<Input> {
  return input => {
    for (const check of checks) {
      const refusal = check(input);
      if (refusal) {
        return refusal;
      }
    }
    return undefined;
  };
}

function callerIsRequester({ user, request }: UseInput) {
  return user === request.requester
    ? undefined
    : refuse(
        'not-requester',
        'revoked',
        'Only the requester can open a terminal under a request.',
      );
}

function requestIsActive({ state }: UseInput) {
  return state.phase === 'Active'
    ? undefined
    : refuse('not-active', closeOf(state), sentenceOf(state));
}

function namespaceIsTarget({ request, place }: PlaceInput) {
  return request.terms.targets.some(
    target => target.namespace === place.namespace,
  )
    ? undefined
    : refuse(
        'foreign-namespace',
        'podGone',
        `This request is not for the namespace ${place.namespace}.`,
      );
}

function containerIsTarget({ request, place }: PlaceInput) {
  return request.terms.targets.some(
    target =>
      target.namespace === place.namespace &&
      (!target.containers || target.containers.includes(place.container)),
  )
    ? undefined
    : refuse(
        'foreign-container',
        'podGone',
        `This request is not for the container ${place.container}.`,
      );
}

function podIsMatched({ pod, place }: ContainerInput) {
  return pod
    ? undefined
    : refuse(
        'pod-not-matched',
        'podGone',
        `The pod ${place.pod} is gone, or it is not one of the pods of this request.`,
      );
}

function podIsTheSame({ pod, place, entered }: ContainerInput) {
  return !entered || pod?.metadata.uid === entered.podUid
    ? undefined
    : refuse(
        'pod-replaced',
        'podGone',
        `The pod ${place.pod} has been replaced by another one of the same name.`,
      );
}

function containerExists({ pod, place }: ContainerInput) {
  return pod && statusOf(pod, place.container)
    ? undefined
    : refuse(
        'no-container',
        'podGone',
        `The pod ${place.pod} has no container ${place.container}.`,
      );
}

function containerRuns({ pod, place }: ContainerInput) {
  const status = pod && statusOf(pod, place.container);
  if (status?.state?.running && status.containerID && pod?.metadata.uid) {
    return undefined;
  }
  const { waiting, terminated } = status?.state ?? {};
  const why = waiting?.reason ?? terminated?.reason;
  return refuse(
    'container-not-running',
    'podGone',
    `The container ${place.container} of ${place.pod} is not running${
      why ? ` (${why})` : ''
    }.`,
  );
}

function containerIsTheSame({ pod, place, entered }: ContainerInput) {
  return !entered ||
    (pod && statusOf(pod, place.container)?.containerID === entered.containerId)
    ? undefined
    : refuse(
        'container-restarted',
        'podGone',
        `The container ${place.container} of ${place.pod} has been restarted.`,
      );
}

function userHasRoom({ ofUser, limits }: LimitInput) {
  return ofUser < limits.maxPerUser
    ? undefined
    : refuse(
        'too-many-of-user',
        'tooMany',
        `You have ${ofUser} terminals open, which is the limit. Close one first.`,
      );
}

function requestHasRoom({ ofRequest, limits }: LimitInput) {
  return ofRequest < limits.maxPerRequest
    ? undefined
    : refuse(
        'too-many-of-request',
        'tooMany',
        `This request has ${ofRequest} terminals open, which is the limit. Close one first.`,
      );
}

function statusOf(pod: Pod, container: string) {
  return pod.status?.containerStatuses?.find(
    status => status.name === container,
  );
}

const SENTENCES: Record<AccessRequestPhase, string> = {
  Pending: 'Nobody has approved this request yet.',
  Approved: 'The access is being set up. Try again in a moment.',
  Active: 'The access stands.',
  Denied: 'This request was denied.',
  Expired: 'The time of this request is up.',
  Revoked: 'This access was revoked.',
  Cancelled: 'This access was ended by its requester.',
  Failed: 'This access could not be set up.',
};

function sentenceOf(state: RequestState): string {
  return SENTENCES[state.phase];
}

function closeOf(state: RequestState): CloseCodeName {
  switch (state.phase) {
    case 'Expired':
      return 'expired';
    case 'Cancelled':
      return 'cancelled';
    default:
      return isTerminal(state.phase) ? 'revoked' : 'upstream';
  }
}

function refuse(
  reason: SessionRefusal['reason'],
  close: CloseCodeName,
  message: string,
): SessionRefusal {
  return { reason, close, message };
}
