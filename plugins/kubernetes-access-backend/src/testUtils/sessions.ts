import type { NewSession } from '../database/types';
import { aRequestId } from './requests';

/** Ada's session in a pod of payments-api, which nobody has opened yet. */
export function aNewSession(
  of: Pick<NewSession, 'requestId' | 'clusterUid'> & Partial<NewSession>,
): NewSession {
  return {
    id: aRequestId(),
    user: 'user:default/ada',
    mark: 4711,
    replica: 'replica-1',
    namespace: 'payments',
    pod: 'payments-api-1',
    podUid: 'pod-uid',
    container: 'app',
    containerId: 'containerd://1',
    columns: 80,
    rows: 24,
    recorded: true,
    ...of,
  };
}
