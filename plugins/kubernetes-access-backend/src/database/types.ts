import type {
  ApproverSummary,
  ObservedGrant,
  RecordEntry,
  RemovalSummary,
  RequestRecord,
  RequestTerms,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AuditEvent } from '../audit/types';

/** What the controller saw in the cluster. Reported, never a reason to let anybody do anything. */
export interface Observation extends ObservedGrant {
  /** The names of the AccessRequest in its cluster once it exists. */
  resourceUid?: string;
  removal: RemovalSummary;
  /** Why the grant does not come about. */
  message?: string;
}

/** A request with everything that was recorded of it. */
export interface StoredRequest extends RequestRecord {
  id: string;
  /** Counts up with every change of this row; for optimistic readers and for polling. */
  revision: number;
  terms: RequestTerms;
  /** The cluster's name when the request was made. */
  clusterName: string;
  /** The name of the AccessRequest in its cluster. */
  resourceName: string;
  createdAt: string;
  /** Who could decide when the request was made. */
  approvers: ApproverSummary;
  /** Who was told of the request. */
  notified: string[];
  observed: Observation;
}

/** A request to be stored. The store adds time, revision and the first entry. */
export interface NewRequest {
  id: string;
  terms: RequestTerms;
  digest: string;
  clusterName: string;
  resourceName: string;
  pendingSeconds: number;
  approvers: ApproverSummary;
  /** Makes a repeated call find the first one's request instead of making another. */
  idempotencyKey?: string;
  audit: AuditEvent[];
}

/** What a transaction on one request does. */
export interface RequestChange {
  /** Appended in this order, stamped with the transaction's time. */
  entries?: RecordEntryInput[];
  observed?: Partial<Observation>;
  notified?: string[];
  audit?: AuditEvent[];
}

type WithoutTime<T> = T extends { at: string } ? Omit<T, 'at'> : never;

/** An entry without its time, which the store adds. */
export type RecordEntryInput = WithoutTime<RecordEntry>;

/** Which requests to list. All given conditions hold. */
export interface RequestQuery {
  requester?: string;
  entityRef?: string;
  /** Requests that one of these owners could decide on, or that one of these users did decide on. */
  decidableBy?: { owners: string[]; user: string };
  /** Requests that the user may see: as requester, as one who could or did decide. */
  visibleTo?: { owners: string[]; user: string };
  /** `true`: not ended; `false`: ended. As far as the record tells without a clock; callers compute the phase. */
  open?: boolean;
  phase?: 'pending';
  clusterUid?: string;
  order?: 'newest' | 'oldest';
  limit: number;
  cursor?: string;
}

export interface RequestPage {
  items: StoredRequest[];
  nextCursor?: string;
}

export interface RequestStore {
  /**
   * @throws ConflictError, naming the open request, when the requester already has an open one for the same targets and level
   */
  create(request: NewRequest): Promise<StoredRequest>;
  get(id: string): Promise<StoredRequest | undefined>;
  list(query: RequestQuery): Promise<RequestPage>;
  /** Requests of a cluster whose removal is not verified yet, ended or not: what a controller has to look after. */
  listUnfinished(clusterUid: string): Promise<StoredRequest[]>;
  /**
   * Reads the request's row in a transaction that keeps everybody else from it, lets `decide` say what to append,
   * and commits that together with the audit events. `decide` may throw: then nothing happens.
   * `now` is the database's clock.
   * @throws NotFoundError
   */
  change(
    id: string,
    decide: (current: StoredRequest, now: Date) => RequestChange,
  ): Promise<StoredRequest>;
  /** The database's clock. */
  now(): Promise<Date>;
  /** Called after each commit of this process, with the entries that it added. Returns how to stop. */
  onChange(
    listener: (request: StoredRequest, added: RecordEntry[]) => void,
  ): () => void;
}

export interface StoredSession {
  id: string;
  requestId: string;
  clusterUid: string;
  user: string;
  /** A number that marks this session's processes in the container. */
  mark: number;
  /** The process that holds the socket. */
  replica: string;
  namespace: string;
  pod: string;
  podUid: string;
  container: string;
  containerId: string;
  state: 'opening' | 'open' | 'closed';
  columns: number;
  rows: number;
  createdAt: string;
  openedAt?: string;
  closedAt?: string;
  closeReason?: string;
  bytesIn: number;
  bytesOut: number;
  recorded: boolean;
}

export type NewSession = Pick<
  StoredSession,
  | 'id'
  | 'requestId'
  | 'clusterUid'
  | 'user'
  | 'mark'
  | 'replica'
  | 'namespace'
  | 'pod'
  | 'podUid'
  | 'container'
  | 'containerId'
  | 'columns'
  | 'rows'
  | 'recorded'
>;

export interface SessionStore {
  /** Writes the session's row and its ticket's hash in one transaction with the audit events. */
  create(
    session: NewSession,
    ticket: { hash: string; expiresAt: Date },
    audit: AuditEvent[],
  ): Promise<StoredSession>;
  /**
   * Takes the ticket: once, before its end, and only for this session. Returns the session or undefined;
   * why not is nobody's business.
   */
  redeem(
    sessionId: string,
    ticketHash: string,
  ): Promise<StoredSession | undefined>;
  markOpen(id: string, replica: string, audit: AuditEvent[]): Promise<void>;
  /** Closes a session whose ticket was not redeemed and no longer can be. Does nothing to any other. */
  closeUnused(id: string, reason: string): Promise<void>;
  /** Closing a closed session changes nothing. */
  markClosed(
    id: string,
    end: { reason: string; bytesIn: number; bytesOut: number },
    audit: AuditEvent[],
  ): Promise<void>;
  listByRequest(requestId: string): Promise<StoredSession[]>;
  countLive(filter: { user?: string; requestId?: string }): Promise<number>;
  /** Closes sessions of other processes that were never closed, after a crash. Returns how many. */
  closeAbandoned(replica: string, reason: string): Promise<number>;
}

/** A piece of a recording: asciicast v2 lines, compressed. */
export interface RecordingSegment {
  sessionId: string;
  /** From 0, without gaps. */
  sequence: number;
  /** gzip of UTF-8 text: whole lines. */
  data: Buffer;
  /** SHA-256 of `data`, hex. */
  digest: string;
}

export interface RecordingStore {
  append(segment: RecordingSegment): Promise<void>;
  read(sessionId: string): Promise<RecordingSegment[]>;
}
