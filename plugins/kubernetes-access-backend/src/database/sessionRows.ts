import type { SessionRow } from './tables';
import type { NewSession, StoredSession } from './types';

/** The row of a session that nobody has opened yet. */
export function toSessionRow(
  session: NewSession,
  installationId: string,
  now: Date,
): SessionRow {
  return {
    id: session.id,
    request_id: session.requestId,
    installation_id: installationId,
    cluster_uid: session.clusterUid,
    user_ref: session.user,
    mark: session.mark,
    replica: session.replica,
    namespace: session.namespace,
    pod: session.pod,
    pod_uid: session.podUid,
    container: session.container,
    container_id: session.containerId,
    state: 'opening',
    columns: session.columns,
    rows: session.rows,
    recorded: session.recorded,
    created_at: now.toISOString(),
    opened_at: null,
    closed_at: null,
    close_reason: null,
    bytes_in: 0,
    bytes_out: 0,
    user_in_catalog: session.userInCatalog ?? null,
  };
}

/** A session as its row says. */
export function fromSessionRow(row: SessionRow): StoredSession {
  return {
    id: row.id,
    requestId: row.request_id,
    clusterUid: row.cluster_uid,
    user: row.user_ref,
    mark: row.mark,
    replica: row.replica,
    namespace: row.namespace,
    pod: row.pod,
    podUid: row.pod_uid,
    container: row.container,
    containerId: row.container_id,
    state: row.state,
    columns: row.columns,
    rows: row.rows,
    recorded: Boolean(row.recorded),
    createdAt: row.created_at,
    ...(row.opened_at ? { openedAt: row.opened_at } : {}),
    ...(row.closed_at ? { closedAt: row.closed_at } : {}),
    ...(row.close_reason ? { closeReason: row.close_reason } : {}),
    ...(row.user_in_catalog === null
      ? {}
      : { userInCatalog: Boolean(row.user_in_catalog) }),
    // PostgreSQL hands out 64 bits as text.
    bytesIn: Number(row.bytes_in),
    bytesOut: Number(row.bytes_out),
  };
}
