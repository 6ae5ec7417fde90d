import type { Knex } from 'knex';

/** The chain of everything that belongs to no request. */
export const SYSTEM_CHAIN = 'system';

/** The chain that names every request's chain, so that a chain cannot go as a whole without being missed. */
export const INDEX_CHAIN = 'chains';

/** What an audit event is about. Part of what auditors filter by: never rename one. */
export type AuditEventId =
  | 'request-create'
  | 'request-decide'
  | 'request-end'
  | 'grant-start'
  | 'grant-complete'
  | 'grant-remove'
  | 'grant-repair'
  | 'cluster-close'
  | 'cluster-open'
  | 'session-ticket'
  | 'session-open'
  | 'session-close'
  | 'session-reap'
  | 'recording-segment'
  | 'recording-read'
  | 'access-refused'
  | 'audit-read'
  | 'chain-start';

/** Something that was done, or refused. */
export interface AuditEvent {
  eventId: AuditEventId;
  /** An entity ref, `system`, or `outside Backstage, unknown`. */
  actor: string;
  outcome: 'succeeded' | 'failed' | 'refused';
  /** The chain that it belongs to: the request's, or the system's when unset. */
  requestId?: string;
  /** Facts for the auditor; small, without secrets and without comments' full text. */
  meta: Record<string, string | number | boolean | null | string[]>;
}

/** An event as it stands in the database. */
export interface StoredAuditEvent extends AuditEvent {
  chain: string;
  /** From 1, without gaps within a chain. */
  sequence: number;
  at: string;
  keyId: string;
  /** The HMAC of the event before it; empty for the first. */
  previous: string;
  /** The HMAC over everything else in this row. */
  mac: string;
}

/** What a chain's last event was, as somebody who cannot change it said at some time. */
export interface ChainHead {
  chain: string;
  sequence: number;
  mac: string;
}

/**
 * The append-only audit trail. Each request has a chain of its own, the rest goes to the system's chain.
 */
export interface AuditTrail {
  /** Appends within the caller's transaction, so that the event is committed with its effect or not at all. */
  appendIn(
    transaction: Knex.Transaction,
    events: AuditEvent[],
    at: Date,
  ): Promise<void>;
  /** Appends in a transaction of its own. */
  append(events: AuditEvent[]): Promise<void>;
  /** A chain in order. `chain` is a request's id, `system` or `chains`. */
  read(chain: string): Promise<StoredAuditEvent[]>;
  /** What the last events of chains are; a chain that there is not is left out. */
  heads(chains: string[]): Promise<ChainHead[]>;
  /** The heads of all chains that something was appended to since. */
  headsSince(since: Date): Promise<ChainHead[]>;
  /** Called after each commit of this process that appended to a chain. Returns how to stop. */
  onAppend(listener: (chain: string) => void): () => void;
}
