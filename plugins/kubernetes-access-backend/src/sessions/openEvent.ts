import type { AuditEvent } from '../audit/types';
import type { StoredSession } from '../database/types';
import type { AdmittedSession } from './SessionAdmission';

/** What the audit trail says of a session that begins. */
export function openEvent(
  session: StoredSession,
  { inClusterAudit: { auditId, tokenId } }: AdmittedSession,
): AuditEvent {
  return {
    eventId: 'session-open',
    actor: session.user,
    outcome: 'succeeded',
    requestId: session.requestId,
    meta: {
      session: session.id,
      namespace: session.namespace,
      pod: session.pod,
      podUid: session.podUid,
      container: session.container,
      containerId: session.containerId,
      recorded: session.recorded,
      auditId,
      ...(tokenId ? { tokenId } : {}),
    },
  };
}
