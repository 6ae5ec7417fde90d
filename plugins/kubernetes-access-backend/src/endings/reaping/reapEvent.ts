import { SYSTEM_ACTOR } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AuditEvent } from '../../audit';
import type { StoredSession } from '../../database/types';
import type { ReapAttempt } from './SessionReaper';

/** What is on record of the end of a session's processes. */
export function reapEvent(
  session: StoredSession,
  { outcome, auditIds }: ReapAttempt,
): AuditEvent {
  return {
    eventId: 'session-reap',
    actor: SYSTEM_ACTOR,
    outcome: outcome.state === 'none-left' ? 'succeeded' : 'failed',
    requestId: session.requestId,
    meta: {
      session: session.id,
      namespace: session.namespace,
      pod: session.pod,
      podUid: session.podUid,
      container: session.container,
      state: outcome.state,
      ended: outcome.found,
      left: outcome.left,
      ...(outcome.detail ? { reason: outcome.detail } : {}),
      // The cluster's own audit log has these calls under these ids.
      auditIds,
    },
  };
}
