import type {
  AccessProblem,
  ApproverSummary,
  RequestState,
  Verdict,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { RequestDefaults } from '../config';
import type { StoredRequest } from '../database/types';
import { isTheRequester } from '../permissions/floor';
import { isGuest } from '../permissions/guests';
import type { Caller } from '../requests';
import type { Names } from '../requests';
import { PLAIN_NAMES } from '../requests';

/** What an approver sends. */
export interface DecisionInput {
  verdict: Verdict;
  /** Of what the approver saw. */
  digest: string;
  /** Trimmed; empty for none. */
  comment: string;
}

/** Everything that the checks judge by. */
export interface DecideInput {
  caller: Pick<Caller, 'userRef' | 'ownershipRefs'>;
  /** Whether the token is the user's own, and not one that a service got on the user's behalf. */
  inPerson: boolean;
  decision: DecisionInput;
  /** As read in the transaction that will hold the decision. */
  request: StoredRequest;
  /** As of that transaction's time. */
  state: RequestState;
  isPermitted: boolean;
  /** Whether the entity is not in the catalog any more. */
  entityIsGone?: boolean;
  /** Who can decide by the catalog and the cluster as they are now. */
  approversNow: ApproverSummary;
  /** Why the target does not open any more, if so. */
  targetProblem?: AccessProblem;
  /** How people are called; by their refs where it is missing. */
  names?: Pick<Names, 'of'>;
  /** The policy as it is now. */
  limits: Pick<RequestDefaults, 'approvals' | 'maxDurationSeconds'>;
}

/** Why a decision does not count. */
export interface DecideRefusal {
  /** What auditors filter by. */
  reason:
    | 'not-in-person'
    | 'own-request'
    | 'entity-gone'
    | 'not-an-approver'
    | 'not-an-approver-then'
    | 'not-permitted'
    | 'not-pending'
    | 'already-decided'
    | 'other-digest'
    | 'no-comment'
    | 'target-closed'
    | 'policy-stricter'
    | 'approver-left';
  /** One or two sentences for people. */
  message: string;
}

type Check = (input: DecideInput) => DecideRefusal | undefined;

/** Whether somebody may decide at all. */
const OF_EVERYBODY: Check[] = [
  decidesInPerson, // no service decides, in whose name ever
  isSomebodyElse, // nobody approves what they benefit from
  entityIsThere, // nobody owns what there is not
  isApproverNow,
  wasApproverThen,
  policyPermits,
  requestWaits,
  decidesOnce,
  meansTheSame, // the digest is of what stands in the record
];

const OF_DENIALS: Check[] = [saysWhy];

const OF_APPROVALS: Check[] = [
  targetStillOpens,
  policyIsNoStricter,
  earlierApproversStillQualify,
];

/** Whether a decision may be written into the record, and why not. */
export function mayDecide(input: DecideInput): DecideRefusal | undefined {
  const checks = [
    ...OF_EVERYBODY,
    ...(input.decision.verdict === 'deny' ? OF_DENIALS : OF_APPROVALS),
  ];
  for (const check of checks) {
    const refusal = check(input);
    if (refusal) {
      return refusal;
    }
  }
  return undefined;
}

function decidesInPerson({ inPerson }: DecideInput) {
  return inPerson
    ? undefined
    : refuse(
        'not-in-person',
        'Only people decide, not services in their name. Decide on the page of the request.',
      );
}

function isSomebodyElse({ caller, request }: DecideInput) {
  return isTheRequester(caller, request)
    ? refuse('own-request', 'Nobody decides on their own request.')
    : undefined;
}

function entityIsThere({ entityIsGone, request }: DecideInput) {
  return entityIsGone
    ? refuse(
        'entity-gone',
        `The entity ${request.terms.entityRef} is not in the catalog any more, so nobody can decide on this. Its requester or an admin can end it.`,
      )
    : undefined;
}

function isApproverNow(input: DecideInput) {
  const { caller, approversNow } = input;
  const qualifies =
    !isGuest(caller.userRef) &&
    approversNow.users.includes(caller.userRef) &&
    approversNow.owners.some(ref => caller.ownershipRefs.includes(ref));
  return qualifies
    ? undefined
    : refuse(
        'not-an-approver',
        `You are not an owner of this entity now, so you cannot decide. ${whoCan(
          input,
        )}`,
      );
}

function wasApproverThen(input: DecideInput) {
  const { caller, request } = input;
  return request.approvers.users.includes(caller.userRef)
    ? undefined
    : refuse(
        'not-an-approver-then',
        `You were not an owner of this entity when this was asked, so you cannot decide on it. ${whoCan(
          input,
        )}`,
      );
}

function policyPermits({ isPermitted }: DecideInput) {
  return isPermitted
    ? undefined
    : refuse(
        'not-permitted',
        'The permission policy does not let you decide on this request.',
      );
}

function requestWaits({ state, names = PLAIN_NAMES }: DecideInput) {
  if (state.phase === 'Pending') {
    return undefined;
  }
  // That it is in use is not what keeps anybody from deciding.
  const is = state.phase === 'Active' ? 'Approved' : state.phase;
  const by = state.endedBy ?? state.approvedBy.at(-1);
  return refuse(
    'not-pending',
    `This request does not wait any more: it is ${is.toLocaleLowerCase(
      'en-US',
    )}${by?.includes(':') ? `, by ${names.of(by)}` : ''}.`,
  );
}

function decidesOnce({ caller, state }: DecideInput) {
  return state.approvedBy.includes(caller.userRef)
    ? refuse('already-decided', 'You have approved this request already.')
    : undefined;
}

function meansTheSame({ decision, request }: DecideInput) {
  return decision.digest === request.digest
    ? undefined
    : refuse(
        'other-digest',
        'This is not what you have seen: the digest is of another request. Look again before you decide.',
      );
}

function saysWhy({ decision }: DecideInput) {
  return decision.comment
    ? undefined
    : refuse('no-comment', 'Say in the comment why you deny the request.');
}

function targetStillOpens({ targetProblem }: DecideInput) {
  return targetProblem && refuse('target-closed', targetProblem.message);
}

function policyIsNoStricter({ request, limits }: DecideInput) {
  const isStricter =
    limits.approvals > request.approvals ||
    request.terms.durationSeconds > limits.maxDurationSeconds;
  return isStricter
    ? refuse(
        'policy-stricter',
        'The policy has become stricter since this was asked. It must be asked again.',
      )
    : undefined;
}

function earlierApproversStillQualify({
  state,
  approversNow,
  names = PLAIN_NAMES,
}: DecideInput) {
  const gone = state.approvedBy.find(
    user => !approversNow.users.includes(user),
  );
  return gone
    ? refuse(
        'approver-left',
        `${names.of(
          gone,
        )} has approved this but is not an owner any more, so that approval does not count. It must be asked again.`,
      )
    : undefined;
}

function whoCan({
  request,
  approversNow,
  names = PLAIN_NAMES,
}: DecideInput): string {
  const then = request.approvers.users;
  const can = approversNow.users.filter(user => then.includes(user));
  return can.length > 0
    ? `${can
        .slice(0, 5)
        .map(user => names.of(user))
        .join(', ')} can.`
    : 'Nobody can decide on it now; it must be asked again.';
}

function refuse(
  reason: DecideRefusal['reason'],
  message: string,
): DecideRefusal {
  return { reason, message };
}
