import { stateAt } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type {
  ReapReport,
  StoredRequest,
  StoredSession,
} from '../database/types';
import {
  after,
  approvalOf,
  aStoredRequest,
  startOf,
  withEntries,
} from '../testUtils/stored';
import type { RequestView } from './toApi';
import { toAccessRequest, toAccessRequestDetail } from './toApi';

function viewOf(request: StoredRequest, seconds: number): RequestView {
  const now = new Date(after(seconds));
  return {
    request,
    now,
    state: stateAt(request, request.observed, now),
    clusterTitle: 'Demo cluster',
    actions: {
      decide: false,
      cancel: false,
      revoke: false,
      openSession: false,
    },
  };
}

const asked = aStoredRequest({ notified: ['user:default/olga'] });
const started = withEntries(asked, approvalOf(asked), startOf(asked));
const granted: StoredRequest = {
  ...started,
  observed: { ...started.observed, grantedAt: after(62) },
};

const session: StoredSession = {
  id: 's',
  requestId: asked.id,
  clusterUid: 'c',
  user: 'user:default/ada',
  mark: 7,
  replica: 'r',
  namespace: 'payments',
  pod: 'api-1',
  podUid: 'p',
  container: 'api',
  containerId: 'containerd://1',
  state: 'closed',
  columns: 80,
  rows: 24,
  createdAt: after(70),
  openedAt: after(71),
  closedAt: after(90),
  closeReason: 'The shell ended.',
  bytesIn: 12,
  bytesOut: 3400,
  recorded: true,
};

const kinds = (view: RequestView, sessions: StoredSession[] = []) =>
  toAccessRequestDetail(view, sessions, []).timeline.map(({ kind }) => kind);

describe('a request as the API shows it', () => {
  it('stands as it does at the moment of showing', () => {
    expect(toAccessRequest(viewOf(granted, 3660)).phase).toBe('Active');
    expect(toAccessRequest(viewOf(granted, 3661))).toMatchObject({
      phase: 'Expired',
      endReason: 'expired',
      endedAt: after(3661),
      asOf: after(3661),
    });
  });

  it('names fifty approvers at most', () => {
    const users = Array.from({ length: 60 }, (_, n) => `user:default/u${n}`);
    const crowd = { ...asked, approvers: { owners: [], users } };
    expect(toAccessRequest(viewOf(crowd, 0)).approvers.users).toHaveLength(50);
  });

  it('says why the grant does not come about only while it should', () => {
    const failing: StoredRequest = {
      ...started,
      observed: { ...started.observed, message: 'The cluster is away.' },
    };
    expect(toAccessRequest(viewOf(failing, 70)).message).toBe(
      'The cluster is away.',
    );
    expect(toAccessRequest(viewOf(failing, 4000))).not.toHaveProperty(
      'message',
    );
  });

  it('keeps to itself where a session runs', () => {
    const shown = JSON.stringify(
      toAccessRequestDetail(viewOf(granted, 100), [session], []),
    );
    expect(shown).not.toContain('containerd');
    expect(shown).not.toContain('"mark"');
  });
});

describe('what is known of the processes that a session left', () => {
  const report: ReapReport = {
    sessionId: session.id,
    state: 'settled',
    attempts: 1,
    outcome: { state: 'none-left', found: 3, left: 0 },
    settledAt: after(91),
  };
  const shown = (reports: ReapReport[]) =>
    toAccessRequestDetail(viewOf(granted, 100), [session], reports).sessions[0]
      .processes;

  it('is nothing while nobody was to look for them', () => {
    expect(shown([])).toBeUndefined();
    expect(shown([{ ...report, sessionId: 'another' }])).toBeUndefined();
  });

  it('is what was found for good', () => {
    expect(shown([report])).toEqual({
      state: 'none-left',
      ended: 3,
      left: 0,
      settledAt: after(91),
    });
    expect(
      shown([
        {
          ...report,
          outcome: {
            state: 'unknown',
            found: 0,
            left: 0,
            detail: 'odd-answer',
          },
        },
      ]),
    ).toMatchObject({ state: 'unknown', reason: 'odd-answer' });
  });

  it('is not yet known between two tries, whatever the last one found', () => {
    expect(
      shown([{ ...report, state: 'waiting', settledAt: undefined }]),
    ).toEqual({ state: 'waiting' });
  });
});

describe('the timeline', () => {
  it('tells everything in the order in which it happened', () => {
    const removed: StoredRequest = {
      ...withEntries(granted, {
        kind: 'ended',
        at: after(95),
        actor: 'user:default/pia',
        reason: 'revoked',
        comment: 'Over.',
      }),
      observed: {
        ...granted.observed,
        removal: { state: 'removed', at: after(96) },
      },
    };
    expect(kinds(viewOf(removed, 200), [session])).toEqual([
      'asked',
      'notified',
      'decided',
      'started',
      'granted',
      'session-opened',
      'session-closed',
      'ended',
      'removed',
    ]);
  });

  it('tells an end that nobody has noticed yet', () => {
    expect(kinds(viewOf(granted, 5000)).at(-1)).toBe('ended');
  });

  it('does not tell a denial twice', () => {
    const denied = withEntries(asked, {
      ...approvalOf(asked),
      verdict: 'deny',
      comment: 'No.',
    } as ReturnType<typeof approvalOf>);
    expect(kinds(viewOf(denied, 200))).toEqual([
      'asked',
      'notified',
      'decided',
    ]);
  });

  it('does not tell the removal of what never was', () => {
    const withdrawn: StoredRequest = {
      ...withEntries(asked, {
        kind: 'ended',
        at: after(10),
        actor: asked.requester,
        reason: 'cancelled',
      }),
      observed: { removal: { state: 'removed', at: after(11) } },
    };
    expect(kinds(viewOf(withdrawn, 20))).toEqual([
      'asked',
      'notified',
      'ended',
    ]);
  });

  it('does not tell of a terminal that never opened', () => {
    const { openedAt: _, ...neverOpened } = session;
    expect(kinds(viewOf(granted, 100), [neverOpened])).not.toContain(
      'session-closed',
    );
  });
});
