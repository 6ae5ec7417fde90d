import type {
  AccessLevel,
  AccessRequestPhase,
  AccessRequestPolicy,
  AccessRequestTarget,
} from '../resource/types';

/**
 * Why a request ended. A closed list: the record, the audit trail, the WebSocket's close code and the UI all use it.
 *
 * - `expired`: the time was up, nobody decided in time, or the grant could not start in time
 * - `cancelled`: withdrawn or ended by its requester
 * - `revoked`: ended by an approver or an admin
 * - `deleted`: its resource was deleted in the cluster, outside of Backstage
 * - `tampered`: its resource in the cluster was found changed or replaced
 * - `failed`: the grant could not be made
 * @public
 */
export type EndReason =
  | 'expired'
  | 'cancelled'
  | 'revoked'
  | 'deleted'
  | 'tampered'
  | 'failed';

/**
 * What an approver says to a request.
 * @public
 */
export type Verdict = 'approve' | 'deny';

/**
 * One row of what happened to a request. Rows are only ever appended.
 *
 * `actor` is an entity ref, or {@link SYSTEM_ACTOR} or {@link OUTSIDE_ACTOR}.
 * `at` is the database's time, UTC ISO-8601 with milliseconds.
 * @public
 */
export type RecordEntry =
  | { kind: 'asked'; at: string; actor: string; digest: string }
  | {
      kind: 'decided';
      at: string;
      actor: string;
      verdict: Verdict;
      /** The digest of what the approver saw. A decision on anything else does not count. */
      digest: string;
      comment?: string;
    }
  | {
      kind: 'started';
      at: string;
      actor: string;
      startsAt: string;
      expiresAt: string;
    }
  | {
      kind: 'ended';
      at: string;
      actor: string;
      reason: EndReason;
      comment?: string;
    };

/**
 * The actor of what the back end does by itself, such as an expiry.
 * @public
 */
export const SYSTEM_ACTOR = 'system';

/**
 * The actor of a change in the cluster that did not come through Backstage. Who it was is never guessed.
 * @public
 */
export const OUTSIDE_ACTOR = 'outside Backstage, unknown';

/**
 * What a request asks for; everything that its digest covers.
 * @public
 */
export interface RequestTerms {
  requester: string;
  entityRef: string;
  /** The UID of the cluster's kube-system namespace. */
  clusterUid: string;
  targets: AccessRequestTarget[];
  accessLevel: AccessLevel;
  reason: string;
  durationSeconds: number;
  policy: AccessRequestPolicy;
}

/**
 * What the phase of a request is computed from, beside the clock.
 * @public
 */
export interface RequestRecord {
  requester: string;
  digest: string;
  /** How many approvers must agree. */
  approvals: number;
  /** From this instant on nobody can decide any more. */
  pendingUntil: string;
  /** In the order in which they were committed. */
  entries: RecordEntry[];
}

/**
 * What was seen of the grant in the cluster.
 * @public
 */
export interface ObservedGrant {
  /** When all objects of the grant were first seen to exist. */
  grantedAt?: string;
}

/**
 * The phase of a request at an instant, with the facts it follows from.
 * @public
 */
export interface RequestState {
  phase: AccessRequestPhase;
  /** When enough approvers had agreed. */
  approvedAt?: string;
  startsAt?: string;
  /** Use is possible before this instant only. */
  expiresAt?: string;
  /** When it ended, also when nobody has noticed yet. */
  endedAt?: string;
  endReason?: EndReason | 'denied';
  /** Who ended it. */
  endedBy?: string;
  endComment?: string;
  /** The approvers whose approval counts, in order. */
  approvedBy: string[];
}
