import type { AccessRequestPhase } from '../resource/types';
import type {
  EndReason,
  ObservedGrant,
  RecordEntry,
  RequestRecord,
  RequestState,
} from './record';
import { SYSTEM_ACTOR } from './record';

/**
 * How long after its approval a request may wait for its grant to start, in seconds.
 * A cluster that was away for longer must not open a shell that everybody has forgotten about.
 * @public
 */
export const START_WINDOW_SECONDS = 3600;

const PHASE_OF_END: Record<EndReason, AccessRequestPhase> = {
  expired: 'Expired',
  cancelled: 'Cancelled',
  revoked: 'Revoked',
  deleted: 'Revoked',
  tampered: 'Revoked',
  failed: 'Failed',
};

/**
 * The phases in which nothing can be used and nothing will be any more.
 * @public
 */
export const TERMINAL_PHASES: readonly AccessRequestPhase[] = [
  'Denied',
  'Expired',
  'Revoked',
  'Cancelled',
  'Failed',
];

/**
 * Tells whether a phase is final.
 * @public
 */
export function isTerminal(phase: AccessRequestPhase): boolean {
  return TERMINAL_PHASES.includes(phase);
}

/**
 * Computes where a request stands at `now`, from what people did and what was seen in the cluster.
 *
 * A deadline is exclusive: at the very instant nothing is possible any more. Entries that came too late,
 * decisions on another digest and decisions of the requester have no effect, whoever wrote them.
 *
 * @param now - the instant to judge by, by the database's clock
 * @public
 */
export function stateAt(
  record: RequestRecord,
  observed: ObservedGrant,
  now: Date,
): RequestState {
  let state: RequestState = { phase: 'Pending', approvedBy: [] };
  for (const entry of record.entries) {
    state = passTime(record, state, new Date(entry.at));
    if (isTerminal(state.phase)) {
      return state;
    }
    state = apply(record, state, entry);
  }
  state = passTime(record, state, now);
  if (state.phase === 'Approved' && state.startsAt && observed.grantedAt) {
    return { ...state, phase: 'Active' };
  }
  return state;
}

/** What the clock alone does to a request. */
function passTime(
  record: RequestRecord,
  state: RequestState,
  now: Date,
): RequestState {
  const deadline = deadlineOf(record, state);
  if (isTerminal(state.phase) || now.getTime() < Date.parse(deadline)) {
    return state;
  }
  return {
    ...state,
    phase: 'Expired',
    endedAt: deadline,
    endReason: 'expired',
    endedBy: SYSTEM_ACTOR,
  };
}

/**
 * The instant from which on the clock alone ends a request that is in this state and not terminal.
 * @public
 */
export function deadlineOf(record: RequestRecord, state: RequestState): string {
  if (state.expiresAt) {
    return state.expiresAt;
  }
  if (state.approvedAt) {
    return new Date(
      Date.parse(state.approvedAt) + START_WINDOW_SECONDS * 1000,
    ).toISOString();
  }
  return record.pendingUntil;
}

function apply(
  record: RequestRecord,
  state: RequestState,
  entry: RecordEntry,
): RequestState {
  switch (entry.kind) {
    case 'decided':
      return decide(record, state, entry);
    case 'started':
      return state.phase === 'Approved' && !state.startsAt
        ? { ...state, startsAt: entry.startsAt, expiresAt: entry.expiresAt }
        : state;
    case 'ended':
      return {
        ...state,
        phase: PHASE_OF_END[entry.reason],
        endedAt: entry.at,
        endReason: entry.reason,
        endedBy: entry.actor,
        ...(entry.comment ? { endComment: entry.comment } : {}),
      };
    default:
      return state;
  }
}

function decide(
  record: RequestRecord,
  state: RequestState,
  entry: Extract<RecordEntry, { kind: 'decided' }>,
): RequestState {
  const counts =
    state.phase === 'Pending' &&
    entry.digest === record.digest &&
    entry.actor !== record.requester &&
    !state.approvedBy.includes(entry.actor);
  if (!counts) {
    return state;
  }
  if (entry.verdict === 'deny') {
    return {
      ...state,
      phase: 'Denied',
      endedAt: entry.at,
      endReason: 'denied',
      endedBy: entry.actor,
      ...(entry.comment ? { endComment: entry.comment } : {}),
    };
  }
  const approvedBy = [...state.approvedBy, entry.actor];
  return approvedBy.length >= Math.max(1, record.approvals)
    ? { ...state, phase: 'Approved', approvedAt: entry.at, approvedBy }
    : { ...state, approvedBy };
}
