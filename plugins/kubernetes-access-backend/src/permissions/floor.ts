import type {
  AllowedActions,
  RequestState,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { isTerminal } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import { isGuest } from './guests';
import type { Caller } from './Caller';

/** Who asks for what; everything that the floor judges by. */
export interface FloorInput {
  caller: Pick<Caller, 'userRef' | 'ownershipRefs'>;
  request: StoredRequest;
  /** Entity refs of users and groups. */
  admins: string[];
  auditors: string[];
  /** Whether those who may or did decide may play recordings as well. */
  approversReadRecordings?: boolean;
}

/**
 * What nobody may do in spite of any permission policy. The permission framework is asked afterwards and can only
 * take away from this.
 */
export const floor = {
  /** For anyone else the request does not exist. */
  maySee: (input: FloorInput) =>
    isRequester(input) ||
    owns(input) ||
    hasDecided(input) ||
    isAmong(input, input.admins) ||
    isAmong(input, input.auditors),

  /** Belongs to the owners now and was found among the approvers when it was asked; never the requester. */
  mayDecide: (input: FloorInput) =>
    !isTheRequester(input.caller, input.request) &&
    owns(input) &&
    input.request.approvers.users.includes(input.caller.userRef),

  mayCancel: (input: FloorInput) => isRequester(input),

  mayRevoke: (input: FloorInput) =>
    !isRequester(input) &&
    (owns(input) || hasDecided(input) || isAmong(input, input.admins)),

  mayOpenSession: (input: FloorInput) => isRequester(input),

  /** What was on the screen is for fewer than the request is. */
  mayReadRecordings: (input: FloorInput) =>
    isRequester(input) ||
    isAmong(input, input.admins) ||
    isAmong(input, input.auditors) ||
    (input.approversReadRecordings === true &&
      (owns(input) || hasDecided(input))),
} as const;

/** What the floor allows with a request that stands as it does. */
export function actionsOnFloor(
  input: FloorInput,
  state: RequestState,
): AllowedActions {
  const isOpen = !isTerminal(state.phase);
  const decide =
    state.phase === 'Pending' &&
    floor.mayDecide(input) &&
    !state.approvedBy.includes(input.caller.userRef);
  return {
    decide,
    cancel: isOpen && floor.mayCancel(input),
    // Who can still decide denies, with a reason. Admins, and who has approved and thinks again, revoke.
    revoke: isOpen && floor.mayRevoke(input) && !decide,
    openSession: state.phase === 'Active' && floor.mayOpenSession(input),
  };
}

/** Also under another name: an account that owns what another one owns by itself is the same person's. */
export function isTheRequester(
  { userRef, ownershipRefs }: FloorInput['caller'],
  { requester }: Pick<StoredRequest, 'requester'>,
): boolean {
  return userRef === requester || ownershipRefs.includes(requester);
}

function isRequester({ caller, request }: FloorInput): boolean {
  return !isGuest(caller.userRef) && caller.userRef === request.requester;
}

function owns(input: FloorInput): boolean {
  return isAmong(input, input.request.approvers.owners);
}

function hasDecided({ caller, request }: FloorInput): boolean {
  return request.entries.some(
    entry => entry.kind === 'decided' && entry.actor === caller.userRef,
  );
}

function isAmong({ caller }: FloorInput, refs: string[]): boolean {
  return (
    !isGuest(caller.userRef) &&
    caller.ownershipRefs.some(ref => refs.includes(ref))
  );
}
