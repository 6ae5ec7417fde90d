import type { AuditEventId, AuditEvent } from '../audit/types';

/** The names of the tables. */
export const TABLES = {
  installation: 'installation',
  requests: 'requests',
  recordEntries: 'record_entries',
  requestPeople: 'request_people',
  idempotencyKeys: 'idempotency_keys',
  sessions: 'sessions',
  tickets: 'tickets',
  recordingSegments: 'recording_segments',
  auditChains: 'audit_chains',
  auditEvents: 'audit_events',
  replicas: 'replicas',
  reapQueue: 'reap_queue',
} as const;

export interface RequestRow {
  id: string;
  installation_id: string;
  cluster_uid: string;
  cluster_name: string;
  requester: string;
  entity_ref: string;
  terms: string;
  digest: string;
  resource_name: string;
  approvals: number;
  approvers: string;
  notified: string;
  created_at: string;
  pending_until: string;
  open_key: string | null;
  revision: number;
  phase: string;
  deadline: string | null;
  observed: string;
  finished: boolean;
  /** Null in rows of a version that kept none. */
  search_text: string | null;
}

export interface RecordEntryRow {
  request_id: string;
  sequence: number;
  kind: string;
  actor: string;
  at: string;
  payload: string;
  once: string | null;
}

export interface RequestPersonRow {
  request_id: string;
  ref: string;
  role: 'approver' | 'decider';
}

export interface SessionRow {
  id: string;
  request_id: string;
  installation_id: string;
  cluster_uid: string;
  user_ref: string;
  mark: number;
  replica: string;
  namespace: string;
  pod: string;
  pod_uid: string;
  container: string;
  container_id: string;
  state: 'opening' | 'open' | 'closed';
  columns: number;
  rows: number;
  recorded: boolean;
  created_at: string;
  opened_at: string | null;
  closed_at: string | null;
  close_reason: string | null;
  bytes_in: number | string;
  bytes_out: number | string;
  /** Null in rows of a version that did not ask. */
  user_in_catalog: boolean | null;
}

export interface TicketRow {
  hash: string;
  session_id: string;
  expires_at: string;
  redeemed_at: string | null;
}

export interface AuditEventRow {
  chain: string;
  sequence: number;
  event_id: AuditEventId;
  actor: string;
  outcome: AuditEvent['outcome'];
  request_id: string | null;
  at: string;
  meta: string;
  key_id: string;
  previous: string;
  mac: string;
}

export interface ReplicaRow {
  id: string;
  installation_id: string;
  host: string;
  pid: number;
  started_at: string;
  seen_at: string;
}

export interface ReapQueueRow {
  session_id: string;
  request_id: string;
  installation_id: string;
  cluster_uid: string;
  state: 'waiting' | 'settled';
  attempts: number;
  due_at: string;
  claimed_by: string | null;
  claimed_until: string | null;
  /** JSON of a ReapOutcome. */
  outcome: string | null;
  created_at: string;
  settled_at: string | null;
}
