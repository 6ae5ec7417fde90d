import {
  activeRequest,
  closedSession,
  deniedRequest,
  expiredRequest,
  waitingRequest,
} from '../../testUtils/accessRequests';
import { timelineRows } from './timelineRows';

const kindsOf = (rows: Array<{ kind: string }>) => rows.map(row => row.kind);

describe('timelineRows', () => {
  it('tells until when a waiting request waits', () => {
    const request = waitingRequest();

    expect(timelineRows(request)).toEqual([
      ...request.timeline,
      { kind: 'waits', until: request.pendingUntil, asOf: request.asOf },
    ]);
  });

  it('tells when an active request ends', () => {
    const request = activeRequest();

    expect(timelineRows(request).at(-1)).toEqual({
      kind: 'ends',
      at: request.expiresAt,
      asOf: request.asOf,
    });
  });

  it('tells that an approved request is about to start', () => {
    const rows = timelineRows(activeRequest({ phase: 'Approved' }));

    expect(rows.at(-1)).toEqual({ kind: 'starting' });
  });

  it('has nothing to come after a denied request', () => {
    expect(kindsOf(timelineRows(deniedRequest()))).toEqual([
      'asked',
      'notified',
      'decided',
    ]);
  });

  it('shows a session as one row', () => {
    expect(kindsOf(timelineRows(expiredRequest()))).toEqual([
      'asked',
      'notified',
      'decided',
      'started',
      'granted',
      'session',
      'ended',
      'removed',
    ]);
  });

  it('shows what is known of a session now, not what was known when it opened', () => {
    const opened = closedSession({ state: 'open', closedAt: undefined });
    const closed = closedSession({ bytesOut: 4096 });
    const request = activeRequest({
      timeline: [
        {
          kind: 'session-opened',
          at: opened.createdAt,
          actor: opened.user,
          session: opened,
        },
      ],
      sessions: [closed],
    });

    expect(timelineRows(request)[0]).toEqual({
      kind: 'session',
      at: opened.createdAt,
      session: closed,
    });
  });

  it('admits what could not be removed', () => {
    const rows = timelineRows(
      expiredRequest({
        removal: { state: 'failing', message: 'The cluster does not answer.' },
      }),
    );

    expect(rows.at(-1)).toEqual({
      kind: 'not-removed',
      message: 'The cluster does not answer.',
    });
  });
});
