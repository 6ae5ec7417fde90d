import type {
  AccessRequestDetail,
  DecisionSummary,
  SessionSummary,
  TimelineEntry,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

const MINUTE = 60_000;

/** Ada's request for payments-api, four minutes ago, as one of its approvers or she herself sees it. */
export function waitingRequest(
  overrides: Partial<AccessRequestDetail> = {},
  now: Date = new Date(),
): AccessRequestDetail {
  const createdAt = overrides.createdAt ?? ago(now, 4);
  const requester = overrides.requester ?? 'user:default/ada';
  return {
    id: '01jd6waiting00000000000000',
    requester,
    entityRef: 'component:default/payments-api',
    cluster: { name: 'demo', title: 'Demo' },
    targets: [
      {
        namespace: 'payments',
        podSelector: 'backstage.io/kubernetes-id=payments-api',
      },
    ],
    accessLevel: 'exec',
    reason: 'Orders of the last hour are stuck: I want to see the queue.',
    durationSeconds: 3600,
    policy: { name: 'default', approvals: 1 },
    digest: `sha256:${'a'.repeat(64)}`,
    createdAt,
    pendingUntil: new Date(
      Date.parse(createdAt) + 24 * 60 * MINUTE,
    ).toISOString(),
    phase: 'Pending',
    asOf: now.toISOString(),
    approvers: {
      owners: ['group:default/payments'],
      users: ['user:default/olga', 'user:default/omar'],
    },
    decisions: [],
    removal: { state: 'none' },
    actions: {
      decide: false,
      cancel: false,
      revoke: false,
      openSession: false,
    },
    timeline: [
      { kind: 'asked', at: createdAt, actor: requester },
      {
        kind: 'notified',
        at: createdAt,
        recipients: ['group:default/payments'],
      },
    ],
    sessions: [],
    ...overrides,
  };
}

/** A request that Olga approved three minutes ago and that can be used for 57 minutes. */
export function activeRequest(
  overrides: Partial<AccessRequestDetail> = {},
  now: Date = new Date(),
): AccessRequestDetail {
  const asked = waitingRequest({ createdAt: ago(now, 7) }, now);
  const startsAt = ago(now, 3);
  const expiresAt = new Date(
    Date.parse(startsAt) +
      (overrides.durationSeconds ?? asked.durationSeconds) * 1000,
  ).toISOString();
  const decision: DecisionSummary = {
    actor: 'user:default/olga',
    verdict: 'approve',
    at: startsAt,
  };
  return {
    ...asked,
    id: '01jd6active000000000000000',
    phase: 'Active',
    decisions: [decision],
    startsAt,
    expiresAt,
    timeline: [
      ...asked.timeline,
      { kind: 'decided', ...decision },
      { kind: 'started', at: startsAt, expiresAt },
      { kind: 'granted', at: startsAt },
    ],
    ...overrides,
  };
}

/** A request that Olga denied. */
export function deniedRequest(
  overrides: Partial<AccessRequestDetail> = {},
  now: Date = new Date(),
): AccessRequestDetail {
  const asked = waitingRequest({ createdAt: ago(now, 90) }, now);
  const decision: DecisionSummary = {
    actor: 'user:default/olga',
    verdict: 'deny',
    comment: 'Use staging: the same queue is there.',
    at: ago(now, 80),
  };
  return {
    ...asked,
    id: '01jd6denied000000000000000',
    phase: 'Denied',
    decisions: [decision],
    endedAt: decision.at,
    endReason: 'denied',
    endedBy: decision.actor,
    endComment: decision.comment,
    timeline: [...asked.timeline, { kind: 'decided', ...decision }],
    ...overrides,
  };
}

/** A request that was used in one session, whose time was up two hours ago and whose grant is gone. */
export function expiredRequest(
  overrides: Partial<AccessRequestDetail> = {},
  now: Date = new Date(),
): AccessRequestDetail {
  const startsAt = ago(now, 150);
  const endedAt = ago(now, 120);
  const session = closedSession({
    createdAt: ago(now, 148),
    closedAt: endedAt,
    closeReason: 'The time was up.',
  });
  const active = activeRequest({ durationSeconds: 1800 }, now);
  const timeline: TimelineEntry[] = [
    { kind: 'asked', at: ago(now, 155), actor: active.requester },
    {
      kind: 'notified',
      at: ago(now, 155),
      recipients: ['group:default/payments'],
    },
    {
      kind: 'decided',
      at: startsAt,
      actor: 'user:default/omar',
      verdict: 'approve',
      comment: 'Go ahead, tell me what you find.',
    },
    { kind: 'started', at: startsAt, expiresAt: endedAt },
    { kind: 'granted', at: startsAt },
    {
      kind: 'session-opened',
      at: session.createdAt,
      actor: session.user,
      session,
    },
    { kind: 'session-closed', at: endedAt, session },
    { kind: 'ended', at: endedAt, actor: 'system', reason: 'expired' },
    { kind: 'removed', at: endedAt },
  ];
  return {
    ...active,
    id: '01jd6expired00000000000000',
    createdAt: ago(now, 155),
    phase: 'Expired',
    startsAt,
    expiresAt: endedAt,
    endedAt,
    endReason: 'expired',
    endedBy: 'system',
    removal: { state: 'removed', at: endedAt },
    timeline,
    sessions: [session],
    ...overrides,
  };
}

/** A session that has closed. */
export function closedSession(
  overrides: Partial<SessionSummary> = {},
): SessionSummary {
  return {
    id: '01jd6session00000000000000',
    user: 'user:default/ada',
    namespace: 'payments',
    pod: 'payments-api-6d5f7c9b8-x2x7q',
    container: 'api',
    state: 'closed',
    createdAt: overrides.openedAt ?? '2026-11-21T09:00:00.000Z',
    openedAt: overrides.createdAt,
    bytesIn: 412,
    bytesOut: 18_732,
    recorded: true,
    ...overrides,
  };
}

/** The instant so many minutes before another. */
function ago(now: Date, minutes: number): string {
  return new Date(now.getTime() - minutes * MINUTE).toISOString();
}
