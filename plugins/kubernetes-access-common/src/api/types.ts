import type {
  AccessLevel,
  AccessRequestPhase,
  AccessRequestTarget,
} from '../resource/types';
import type { EndReason, Verdict } from '../request/record';
import type { PodTrait } from './review';

/**
 * A container of a pod as it is now.
 * @public
 */
export interface ContainerSummary {
  name: string;
  /** `running`, or why it is not, in Kubernetes' words, e.g. `CrashLoopBackOff`. */
  state: string;
  ready: boolean;
  restarts: number;
}

/**
 * A pod as it is now.
 * @public
 */
export interface PodSummary {
  namespace: string;
  name: string;
  uid: string;
  /** Kubernetes' phase, or `Terminating`. */
  phase: string;
  createdAt?: string;
  containers: ContainerSummary[];
  /** What is special about it, the gravest first; missing when nothing is. */
  traits?: PodTrait[];
}

/**
 * A cluster by the name and title of the configuration.
 * @public
 */
export interface ClusterSummary {
  name: string;
  title: string;
}

/**
 * Why nothing can be asked for on an entity, or on one of its targets. Each has a message for people.
 *
 * - `no-clusters`: no cluster is configured
 * - `no-annotations`: the entity names no pods
 * - `unknown-cluster`: the entity names a cluster that is not configured
 * - `cluster-unreachable`: the cluster does not answer now, or is not supported
 * - `namespace-missing`: the entity names no namespace, or one that does not exist or that the back end may not see
 * - `namespace-excluded`: nobody gets access to this namespace in this way
 * - `no-consent`: the namespace does not name the entity's owner
 * - `no-owner`: the entity has no owner
 * - `no-approver`: nobody could approve: the requester is the only owner
 * - `not-permitted`: the permission policy does not allow this user to ask
 * @public
 */
export type AccessProblemCode =
  | 'no-clusters'
  | 'no-annotations'
  | 'unknown-cluster'
  | 'cluster-unreachable'
  | 'namespace-missing'
  | 'namespace-excluded'
  | 'no-consent'
  | 'no-owner'
  | 'no-approver'
  | 'not-permitted';

/**
 * Why something is not possible, in words and with a code for the UI.
 * @public
 */
export interface AccessProblem {
  code: AccessProblemCode;
  /** What is wrong and what can be done about it, one or two sentences. */
  message: string;
}

/**
 * One place where an entity's pods run.
 * @public
 */
export interface EntityTarget {
  cluster: ClusterSummary;
  namespace: string;
  podSelector: string;
  /** The pods that match now, at most 200. Empty when there is a problem. */
  pods: PodSummary[];
  /** Set when nothing can be asked for here. */
  problem?: AccessProblem;
}

/**
 * What may be asked for, in the bounds of the policy.
 * @public
 */
export interface RequestLimits {
  minDurationSeconds: number;
  maxDurationSeconds: number;
  defaultDurationSeconds: number;
  minReasonLength: number;
  maxReasonLength: number;
  /** How many approvers must agree. */
  approvals: number;
  /** How long a request waits for a decision. */
  pendingSeconds: number;
}

/**
 * Who can decide on a request.
 * @public
 */
export interface ApproverSummary {
  /** Entity refs of the owners (groups or users) that approvers come from. */
  owners: string[];
  /** Entity refs of the users who can decide; never the requester. At most 50. */
  users: string[];
}

/**
 * Everything that the form and the state line of an entity's Access tab need.
 * @public
 */
export interface EntityAccess {
  entityRef: string;
  /** Set when nothing can be asked for on this entity at all. */
  problem?: AccessProblem;
  targets: EntityTarget[];
  approvers: ApproverSummary;
  limits: RequestLimits;
  /** The caller's requests on this entity that have not ended, and the latest that has, newest first. */
  requests: AccessRequest[];
  /** How many requests on this entity wait for the caller's decision. */
  toDecide: number;
  /** Whether the caller may decide on requests on this entity in general. */
  mayDecide: boolean;
  /** Whether the caller may see what others have asked for on this entity in general, as owners and admins do. */
  maySeeOthers: boolean;
}

/**
 * One approver's approve or deny.
 * @public
 */
export interface DecisionSummary {
  actor: string;
  verdict: Verdict;
  comment?: string;
  at: string;
}

/**
 * Whether what the grant consisted of is gone from the cluster. Separate from the phase: an ended request can
 * still wait for its removal, but it can no longer be used.
 * @public
 */
export interface RemovalSummary {
  /** `none`: nothing was made or nothing is to be removed yet; `removing`; `removed`: verified gone; `failing`. */
  state: 'none' | 'removing' | 'removed' | 'failing';
  /** What could not be removed and why. */
  message?: string;
  at?: string;
}

/**
 * What the caller may do with a request now.
 * @public
 */
export interface AllowedActions {
  /** Approve and deny. */
  decide: boolean;
  /** Withdraw or end one's own request. */
  cancel: boolean;
  revoke: boolean;
  openSession: boolean;
}

/**
 * A request as the API shows it. Instants are UTC ISO-8601 with milliseconds.
 * @public
 */
export interface AccessRequest {
  id: string;
  requester: string;
  entityRef: string;
  cluster: ClusterSummary;
  targets: AccessRequestTarget[];
  accessLevel: AccessLevel;
  reason: string;
  durationSeconds: number;
  policy: { name: string; approvals: number };
  digest: string;
  createdAt: string;
  /** From then on nobody can decide. */
  pendingUntil: string;
  /** As of `asOf`. */
  phase: AccessRequestPhase;
  asOf: string;
  approvers: ApproverSummary;
  decisions: DecisionSummary[];
  startsAt?: string;
  expiresAt?: string;
  endedAt?: string;
  endReason?: EndReason | 'denied';
  endedBy?: string;
  endComment?: string;
  /** After a denial, until then the requester cannot ask for the same pods again. */
  askAgainAt?: string;
  removal: RemovalSummary;
  /** Why the grant does not come about, if it does not. */
  message?: string;
  actions: AllowedActions;
}

/**
 * Why nothing is known of the processes that a session left behind, or why there were none to look for.
 *
 * - `container-ended`: the container, or its pod, is gone, and everything in it with it
 * - `no-shell`: the container has no shell to look with
 * - `no-answer`: what looks for them did not end, or was ended, in the container
 * - `odd-answer`: what looks for them answered something that it never says
 * - `cannot-look`: the container does not show its processes
 * - `not-told-apart`: there are processes that cannot be told from the container's own
 * - `limits-raisable`: processes may shed the session's mark in this container, because it is privileged
 * - `limits-unset`: the container's shell cannot mark the processes of a session
 * - `refused`: the cluster does not let the back end look
 * - `unreachable`: the cluster did not answer
 * @public
 */
export type ProcessesReason =
  | 'container-ended'
  | 'no-shell'
  | 'no-answer'
  | 'odd-answer'
  | 'cannot-look'
  | 'not-told-apart'
  | 'limits-raisable'
  | 'limits-unset'
  | 'refused'
  | 'unreachable';

/**
 * What is known of the processes that a session started, after its end. It is what the container reported: whoever
 * is root in it can make it say anything.
 * @public
 */
export interface SessionProcesses {
  /**
   * `waiting`: not looked at yet, or being ended; `none-left`: no leftovers were reported; `left`: some could not be
   * ended; `unknown`: it could not be checked.
   */
  state: 'waiting' | 'none-left' | 'left' | 'unknown';
  /** How many were ended. */
  ended?: number;
  /** How many are still there. */
  left?: number;
  reason?: ProcessesReason;
  /** When this was found for good. */
  settledAt?: string;
}

/**
 * A session as the timeline shows it.
 * @public
 */
export interface SessionSummary {
  id: string;
  user: string;
  namespace: string;
  pod: string;
  container: string;
  state: 'opening' | 'open' | 'closed';
  createdAt: string;
  openedAt?: string;
  closedAt?: string;
  /** Why it closed, one sentence. */
  closeReason?: string;
  bytesIn: number;
  bytesOut: number;
  recorded: boolean;
  /** Whether the caller may play what was recorded, and watch what is. */
  playable?: boolean;
  /** Set once the session has ended, if it ever began. */
  processes?: SessionProcesses;
}

/**
 * One thing that happened to a request, oldest first.
 * @public
 */
export type TimelineEntry =
  | { kind: 'asked'; at: string; actor: string }
  | { kind: 'notified'; at: string; recipients: string[] }
  | {
      kind: 'decided';
      at: string;
      actor: string;
      verdict: Verdict;
      comment?: string;
    }
  | { kind: 'started'; at: string; expiresAt: string }
  | { kind: 'granted'; at: string }
  | {
      kind: 'session-opened';
      at: string;
      actor: string;
      session: SessionSummary;
    }
  | { kind: 'session-closed'; at: string; session: SessionSummary }
  | {
      kind: 'ended';
      at: string;
      actor: string;
      reason: EndReason;
      comment?: string;
    }
  | { kind: 'removed'; at: string };

/**
 * A request with its history.
 * @public
 */
export interface AccessRequestDetail extends AccessRequest {
  timeline: TimelineEntry[];
  sessions: SessionSummary[];
}

/**
 * The body of `POST /requests`.
 * @public
 */
export interface CreateAccessRequest {
  entityRef: string;
  /** The cluster's name; may be left out when the entity has one target. */
  cluster?: string;
  namespace?: string;
  accessLevel: AccessLevel;
  reason: string;
  durationSeconds: number;
}

/**
 * Which requests to list.
 * @public
 */
export interface ListAccessRequests {
  /** `mine`: asked by the caller; `to-decide`: waiting for the caller's decision; `all`: whatever the caller may see. */
  scope: 'mine' | 'to-decide' | 'all';
  entityRef?: string;
  /** Only requests that have (`false`) or have not (`true`) ended. */
  open?: boolean;
  /** Only requests that are in one of these phases now. */
  phase?: AccessRequestPhase[];
  /**
   * Only requests in whose entity, requester, deciders or reason every one of these words stands, in upper or lower
   * case. At most 200 characters.
   */
  search?: string;
  /** Only requests that were asked at or after this instant. */
  askedFrom?: string;
  /** Only requests that were asked before this instant. */
  askedBefore?: string;
  /** 1 to 100, default 25. */
  limit?: number;
  cursor?: string;
}

/**
 * A page of requests, newest first; `to-decide` oldest first.
 * @public
 */
export interface AccessRequestPage {
  items: AccessRequest[];
  nextCursor?: string;
}

/**
 * Numbers for badges.
 * @public
 */
export interface AccessCounts {
  /** Requests that wait for the caller's decision. */
  toDecide: number;
  /** The caller's requests that have not ended. */
  mine: number;
  /** How many clusters cannot be used now; only for those who may see the clusters. */
  clusterAlarms?: number;
}

/**
 * A session that is open now, and the request that it is under.
 * @public
 */
export interface LiveSession {
  session: SessionSummary;
  request: AccessRequest;
}

/**
 * Which of the open sessions to list.
 * @public
 */
export interface ListLiveSessions {
  /** 1 to 100, default 25. */
  limit?: number;
  cursor?: string;
}

/**
 * A page of open sessions, newest first. It can have fewer than were asked for although there are more.
 * @public
 */
export interface LiveSessionPage {
  items: LiveSession[];
  nextCursor?: string;
}

/**
 * How a cluster is, as the replica sees it that answers.
 * @public
 */
export interface ClusterStatus extends ClusterSummary {
  /** `suspended`: it could be reached, but must not be used. */
  state: 'connecting' | 'ready' | 'unreachable' | 'unsupported' | 'suspended';
  /** What is wrong and what can be done about it, when it is not ready. */
  message?: string;
  /** Which process looks after its grants; absent when none does, or when it is not known. */
  leader?: { host?: string; isThisReplica: boolean };
  /** What is under way there; absent until the cluster was reached once. */
  grants?: {
    /** Accesses that can be used. */
    active: number;
    /** Approved, and not in the cluster yet. */
    toMake: number;
    /** Ended, and not verified to be gone yet. */
    toRemove: number;
    /** For how long the oldest of the two has been waiting. */
    behindSeconds: number;
  };
  /** What the back end may do there; absent when that cannot be found out now. */
  rights?: {
    /** How many of those that it needs it has. */
    held: number;
    /** Those that it lacks, as `create pods/exec in payments`. */
    missing: string[];
    /** The namespaces that were looked at. */
    namespaces: string[];
  };
}

/**
 * The body of `POST /requests/{id}/sessions`.
 * @public
 */
export interface OpenSession {
  namespace: string;
  pod: string;
  container: string;
  columns: number;
  rows: number;
}

/**
 * What a browser needs to open a session's WebSocket.
 * @public
 */
export interface SessionTicket {
  sessionId: string;
  /** 43 characters, usable once and only by the caller. */
  ticket: string;
  /** 30 seconds from now. */
  expiresAt: string;
  /** The path of the WebSocket below the plugin's base URL, e.g. `/sessions/01…/ws`. */
  path: string;
}

/**
 * Something that is wrong with the audit trail.
 * @public
 */
export interface AuditFinding {
  /** A request's id, `system` or `chains`. */
  chain: string;
  /** The event, where it is about one. */
  sequence?: number;
  kind: string;
  /** One sentence. */
  message: string;
}

/**
 * What came of holding the audit trail against its keys.
 * @public
 */
export interface AuditVerification {
  /** Nothing is wrong with what was looked at. */
  sound: boolean;
  chains: number;
  events: number;
  /** Segments of recordings that are as the trail says. */
  segments: number;
  /** Segments that the trail does not speak of (yet): of the last seconds of a session that is open or was cut. */
  unconfirmedSegments: number;
  findings: AuditFinding[];
  /** How many more findings there are than are listed. */
  moreFindings: number;
}

/**
 * An event of the audit trail as it is exported.
 * @public
 */
export interface AuditRecord {
  /** A request's id, `system` or `chains`. */
  chain: string;
  /** From 1, without gaps within a chain. */
  sequence: number;
  eventId: string;
  actor: string;
  outcome: 'succeeded' | 'failed' | 'refused';
  requestId?: string;
  at: string;
  meta: Record<string, string | number | boolean | null | string[]>;
  keyId: string;
  /** The HMAC of the event before it; empty for the first. */
  previous: string;
  /** The HMAC over everything else. */
  mac: string;
}

/**
 * Which events to export.
 * @public
 */
export interface ExportAuditEvents {
  /** Only those of a chain. */
  chain?: string;
  /** Only those behind an event: `<chain>.<sequence>` of the last one that is known. */
  cursor?: string;
  limit?: number;
}

/**
 * A segment of a recording, by the SHA-256 of what is stored now.
 * @public
 */
export interface AuditSegment {
  session: string;
  sequence: number;
  digest: string;
}

/**
 * The channel of the signals that tell browsers to look again.
 * @public
 */
export const SIGNAL_CHANNEL = 'kubernetes-access';

/**
 * A signal's message. It carries ids only; whoever gets it asks the API.
 * @public
 */
export type AccessSignal = { requestId: string; entityRef: string };
