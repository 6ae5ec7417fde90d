import type { StoredSession } from '../database/types';
import { termsOf } from './requests';

/** A session of Ada's in `payments/api-1` that has ended. */
export function aClosedSession(
  changes: Partial<StoredSession> = {},
): StoredSession {
  return {
    id: '01jcm0000000000000000000aa',
    requestId: '01jcm0000000000000000000rr',
    clusterUid: termsOf().clusterUid,
    user: 'user:default/ada',
    mark: 1_234_567_890,
    replica: 'replica-1',
    namespace: 'payments',
    pod: 'api-1',
    podUid: 'pod-uid',
    container: 'app',
    containerId: 'containerd://1',
    state: 'closed',
    columns: 80,
    rows: 24,
    createdAt: '2026-01-15T12:00:00.000Z',
    openedAt: '2026-01-15T12:00:01.000Z',
    closedAt: '2026-01-15T12:05:00.000Z',
    bytesIn: 10,
    bytesOut: 100,
    recorded: true,
    ...changes,
  };
}
