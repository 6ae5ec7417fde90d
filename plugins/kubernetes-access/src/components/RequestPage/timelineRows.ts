import type {
  AccessRequestDetail,
  SessionSummary,
  TimelineEntry,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/** What happened in a session is one row, from its opening on. */
export type HappenedRow =
  | Exclude<TimelineEntry, { kind: 'session-opened' | 'session-closed' }>
  | { kind: 'session'; at: string; session: SessionSummary };

/** What is still to come, or goes on now. */
export type PendingRow =
  | { kind: 'waits'; until: string; asOf: string }
  | { kind: 'starting' }
  | { kind: 'ends'; at: string; asOf: string }
  | { kind: 'removing' }
  | { kind: 'not-removed'; message?: string };

/** One row of the timeline. */
export type TimelineRow = HappenedRow | PendingRow;

/** The history of a request, oldest first, and what comes next. */
export function timelineRows(request: AccessRequestDetail): TimelineRow[] {
  const happened = request.timeline.flatMap(entry => rowsOf(entry, request));
  const next = nextOf(request);
  return next ? [...happened, next] : happened;
}

function rowsOf(
  entry: TimelineEntry,
  request: AccessRequestDetail,
): HappenedRow[] {
  switch (entry.kind) {
    case 'session-opened': {
      const latest = request.sessions.find(({ id }) => id === entry.session.id);
      return [
        { kind: 'session', at: entry.at, session: latest ?? entry.session },
      ];
    }
    // Its session's row says it.
    case 'session-closed':
      return [];
    default:
      return [entry];
  }
}

function nextOf(request: AccessRequestDetail): PendingRow | undefined {
  const { asOf, removal } = request;
  switch (request.phase) {
    case 'Pending':
      return { kind: 'waits', until: request.pendingUntil, asOf };
    case 'Approved':
      return { kind: 'starting' };
    case 'Active':
      return request.expiresAt
        ? { kind: 'ends', at: request.expiresAt, asOf }
        : undefined;
    default:
      break;
  }
  switch (removal.state) {
    case 'removing':
      return { kind: 'removing' };
    case 'failing':
      return { kind: 'not-removed', message: removal.message };
    default:
      return undefined;
  }
}
