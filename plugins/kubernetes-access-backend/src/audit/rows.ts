import type { AuditEventRow } from '../database/tables';
import type { AuditEvent, StoredAuditEvent } from './types';

export function toRow(event: StoredAuditEvent): AuditEventRow {
  return {
    chain: event.chain,
    sequence: event.sequence,
    event_id: event.eventId,
    actor: event.actor,
    outcome: event.outcome,
    request_id: event.requestId ?? null,
    at: event.at,
    meta: JSON.stringify(event.meta),
    key_id: event.keyId,
    previous: event.previous,
    mac: event.mac,
  };
}

/** Never throws: a row that somebody broke is to be reported, not to stop who looks at it. */
export function fromRow(row: AuditEventRow): StoredAuditEvent {
  return {
    chain: row.chain,
    sequence: row.sequence,
    eventId: row.event_id,
    actor: row.actor,
    outcome: row.outcome,
    ...(row.request_id ? { requestId: row.request_id } : {}),
    at: row.at,
    meta: readMeta(row.meta),
    keyId: row.key_id,
    previous: row.previous,
    mac: row.mac,
  };
}

function readMeta(text: string): AuditEvent['meta'] {
  try {
    return JSON.parse(text);
  } catch {
    return { unreadable: text };
  }
}
