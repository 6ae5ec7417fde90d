import type {
  AccessProblem,
  AccessProblemCode,
  CreateAccessRequest,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { RequestDefaults } from '../config';
import type { Assessment, AssessedTarget } from './EntityAccessService';
import { PROBLEMS } from './problems';

/** Everything that the checks judge by, gathered before. */
export interface RequestInput {
  /** The body, with the reason trimmed. */
  asked: CreateAccessRequest;
  isGuest: boolean;
  isPermitted: boolean;
  assessment: Assessment;
  limits: RequestDefaults;
  /** The caller's requests that have not ended. */
  openRequests: number;
  maxOpenRequests: number;
}

/** Why nothing is made of a request. */
export interface RequestRefusal {
  /** What auditors filter by. */
  reason:
    | AccessProblemCode
    | 'duration-out-of-bounds'
    | 'reason-out-of-bounds'
    | 'unknown-target'
    | 'ambiguous-target'
    | 'too-many-open'
    | 'too-many-asked'
    | 'denied-lately';
  /** One or two sentences for people. */
  message: string;
}

type Check = (input: RequestInput) => RequestRefusal | undefined;

/** In this order; the first that fails tells why. */
const CHECKS: Check[] = [
  callerIsSomebody, // a guest is nobody in particular
  policyPermits, // before anything is told of the entity's targets
  durationIsWithinBounds,
  reasonIsWithinBounds,
  entityCanBeAskedFor, // has annotations and an owner
  targetIsClear, // exactly one place is meant
  targetCanBeAskedFor, // reachable, consents, has approvers
  callerHasRoom, // quota
];

/** Whether a request may be made, and why not. */
export function mayRequest(input: RequestInput): RequestRefusal | undefined {
  for (const check of CHECKS) {
    const refusal = check(input);
    if (refusal) {
      return refusal;
    }
  }
  return undefined;
}

/** The targets that the body can mean. */
export function meantTargets({
  asked,
  assessment,
}: Pick<RequestInput, 'asked' | 'assessment'>): AssessedTarget[] {
  return assessment.targets.filter(
    ({ cluster, namespace }) =>
      (asked.cluster === undefined || asked.cluster === cluster.name) &&
      (asked.namespace === undefined || asked.namespace === namespace),
  );
}

function callerIsSomebody({ isGuest }: RequestInput) {
  return isGuest ? ofProblem(PROBLEMS.guest()) : undefined;
}

function policyPermits({ isPermitted }: RequestInput) {
  return isPermitted ? undefined : ofProblem(PROBLEMS.notPermitted());
}

function durationIsWithinBounds({ asked, limits }: RequestInput) {
  const { minDurationSeconds: min, maxDurationSeconds: max } = limits;
  const isValid =
    Number.isInteger(asked.durationSeconds) &&
    asked.durationSeconds >= min &&
    asked.durationSeconds <= max;
  return isValid
    ? undefined
    : refuse(
        'duration-out-of-bounds',
        `durationSeconds must be a whole number from ${min} to ${max}.`,
      );
}

function reasonIsWithinBounds({ asked, limits }: RequestInput) {
  const { minReasonLength: min, maxReasonLength: max } = limits;
  const length = [...asked.reason].length;
  return length >= min && length <= max
    ? undefined
    : refuse(
        'reason-out-of-bounds',
        `The reason has ${length} characters; it must have from ${min} to ${max}.`,
      );
}

function entityCanBeAskedFor({ assessment }: RequestInput) {
  return assessment.problem && ofProblem(assessment.problem);
}

function targetIsClear(input: RequestInput) {
  const { length } = meantTargets(input);
  if (length === 1) {
    return undefined;
  }
  const places = input.assessment.targets
    .map(({ cluster, namespace }) => `${cluster.name}/${namespace}`)
    .join(', ');
  return length === 0
    ? refuse(
        'unknown-target',
        `This entity has no pods in that cluster and namespace; it has them in ${places}.`,
      )
    : refuse(
        'ambiguous-target',
        `This entity has pods in several places; say which cluster is meant: ${places}.`,
      );
}

function targetCanBeAskedFor(input: RequestInput) {
  const [target] = meantTargets(input);
  return target.problem && ofProblem(target.problem);
}

function callerHasRoom({ openRequests, maxOpenRequests }: RequestInput) {
  return openRequests < maxOpenRequests
    ? undefined
    : refuse(
        'too-many-open',
        `You have ${openRequests} open requests, which is the limit. Withdraw or end one first.`,
      );
}

function ofProblem({ code, message }: AccessProblem): RequestRefusal {
  return refuse(code, message);
}

function refuse(
  reason: RequestRefusal['reason'],
  message: string,
): RequestRefusal {
  return { reason, message };
}
