import type {
  AccessRequest,
  AccessRequestDetail,
  AllowedActions,
  ApproverSummary,
  ClusterSummary,
  DecisionSummary,
  RequestState,
  SessionProcesses,
  SessionSummary,
  TimelineEntry,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type {
  ReapReport,
  StoredRequest,
  StoredSession,
} from '../database/types';

/** How many approvers are named; more than that nobody reads. */
const MAX_NAMED = 50;

/** A request with everything that is known of it at an instant. */
export interface RequestView {
  request: StoredRequest;
  /** As of `now`. */
  state: RequestState;
  now: Date;
  clusterTitle: string;
  actions: AllowedActions;
  /** When the requester may ask for the same again, after a denial. */
  askAgainAt?: string;
}

/** A request as the API shows it. */
export function toAccessRequest(view: RequestView): AccessRequest {
  const { request, state, now, actions } = view;
  const { terms, observed } = request;
  const cluster: ClusterSummary = {
    name: request.clusterName,
    title: view.clusterTitle,
  };
  return {
    id: request.id,
    requester: request.requester,
    entityRef: terms.entityRef,
    cluster,
    targets: terms.targets,
    accessLevel: terms.accessLevel,
    reason: terms.reason,
    durationSeconds: terms.durationSeconds,
    policy: terms.policy,
    digest: request.digest,
    createdAt: request.createdAt,
    pendingUntil: request.pendingUntil,
    phase: state.phase,
    asOf: now.toISOString(),
    approvers: toApprovers(request.approvers),
    decisions: decisionsOf(request),
    ...defined({
      startsAt: state.startsAt,
      expiresAt: state.expiresAt,
      endedAt: state.endedAt,
      endReason: state.endReason,
      endedBy: state.endedBy,
      endComment: state.endComment,
      askAgainAt: view.askAgainAt,
      message: messageOf(view),
    }),
    removal: observed.removal,
    actions,
  };
}

/** A request with its history. */
export function toAccessRequestDetail(
  view: RequestView,
  sessions: StoredSession[],
  reports: ReapReport[],
  mayReadRecordings = false,
): AccessRequestDetail {
  const reportOf = new Map(reports.map(report => [report.sessionId, report]));
  const summaries = sessions.map(session =>
    toSessionSummary(session, reportOf.get(session.id), mayReadRecordings),
  );
  return {
    ...toAccessRequest(view),
    timeline: timelineOf(view, summaries),
    sessions: summaries,
  };
}

/** Approvers, no more than people read. */
export function toApprovers({
  owners,
  users,
}: ApproverSummary): ApproverSummary {
  return { owners, users: users.slice(0, MAX_NAMED) };
}

/** A session as the timeline shows it. */
export function toSessionSummary(
  session: StoredSession,
  report?: ReapReport,
  mayReadRecordings = false,
): SessionSummary {
  return {
    id: session.id,
    user: session.user,
    namespace: session.namespace,
    pod: session.pod,
    container: session.container,
    state: session.state,
    createdAt: session.createdAt,
    ...defined({
      openedAt: session.openedAt,
      closedAt: session.closedAt,
      closeReason: session.closeReason,
    }),
    bytesIn: session.bytesIn,
    bytesOut: session.bytesOut,
    recorded: session.recorded,
    playable: session.recorded && mayReadRecordings,
    ...defined({ processes: report && toProcesses(report) }),
  };
}

/** What was found before the last try is not the last word. */
function toProcesses({
  state,
  outcome,
  settledAt,
}: ReapReport): SessionProcesses {
  if (state === 'waiting' || !outcome) {
    return { state: 'waiting', ...defined({ reason: outcome?.detail }) };
  }
  return {
    state: outcome.state,
    ended: outcome.found,
    left: outcome.left,
    ...defined({ reason: outcome.detail, settledAt }),
  };
}

function decisionsOf(request: StoredRequest): DecisionSummary[] {
  return request.entries.flatMap(entry =>
    entry.kind === 'decided'
      ? [
          {
            actor: entry.actor,
            verdict: entry.verdict,
            ...defined({ comment: entry.comment }),
            at: entry.at,
          },
        ]
      : [],
  );
}

/** Why there is no grant, for as long as there should be one. */
function messageOf({ request, state }: RequestView): string | undefined {
  return state.phase === 'Approved' || state.phase === 'Failed'
    ? request.observed.message
    : undefined;
}

function timelineOf(
  view: RequestView,
  sessions: SessionSummary[],
): TimelineEntry[] {
  const entries = [
    ...whatPeopleDid(view),
    ...whatTheGrantDid(view),
    ...sessions.flatMap(whatHappenedIn),
    ...theEnd(view),
  ];
  // Stable: what happened in the same millisecond stays in the order above, which is that of cause and effect.
  return entries.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function whatPeopleDid({ request }: RequestView): TimelineEntry[] {
  const { createdAt: at, requester, notified } = request;
  return [
    { kind: 'asked', at, actor: requester },
    ...(notified.length > 0
      ? [{ kind: 'notified' as const, at, recipients: notified }]
      : []),
    ...decisionsOf(request).map(decision => ({
      kind: 'decided' as const,
      ...decision,
    })),
  ];
}

function whatTheGrantDid({ request, state }: RequestView): TimelineEntry[] {
  const { startsAt, expiresAt } = state;
  if (!startsAt || !expiresAt) {
    return [];
  }
  const { grantedAt, removal } = request.observed;
  return [
    { kind: 'started', at: startsAt, expiresAt },
    ...(grantedAt ? [{ kind: 'granted' as const, at: grantedAt }] : []),
    ...(removal.state === 'removed' && removal.at
      ? [{ kind: 'removed' as const, at: removal.at }]
      : []),
  ];
}

function whatHappenedIn(session: SessionSummary): TimelineEntry[] {
  const { user, openedAt, closedAt } = session;
  return [
    ...(openedAt
      ? [
          {
            kind: 'session-opened' as const,
            at: openedAt,
            actor: user,
            session,
          },
        ]
      : []),
    ...(openedAt && closedAt
      ? [{ kind: 'session-closed' as const, at: closedAt, session }]
      : []),
  ];
}

/** A denial is an end as well, and stands among the decisions. */
function theEnd({ state }: RequestView): TimelineEntry[] {
  const { endReason, endedAt, endedBy, endComment } = state;
  return endReason && endReason !== 'denied' && endedAt && endedBy
    ? [
        {
          kind: 'ended',
          at: endedAt,
          actor: endedBy,
          reason: endReason,
          ...defined({ comment: endComment }),
        },
      ]
    : [];
}

/** The fields that are there. */
function defined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
