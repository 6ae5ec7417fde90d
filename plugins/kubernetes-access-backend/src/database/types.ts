import type {
  AccessRequestPhase,
  ApproverSummary,
  ObservedGrant,
  ProcessesReason,
  RecordEntry,
  RemovalSummary,
  RequestRecord,
  RequestTerms,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AuditEvent } from '../audit/types';
import type { RequestCriteria } from './permittedRequests';

export type { RequestCriteria };

/** What is known of the processes that the sessions of a request left behind, in numbers of sessions. */
export interface ObservedProcesses {
  sessions: number;
  /** Not looked at for good yet. */
  waiting: number;
  /** Processes of theirs could not be ended. */
  left: number;
  /** It could not be checked. */
  unknown: number;
}

/** What the controller saw in the cluster. Reported, never a reason to let anybody do anything. */
export interface Observation extends ObservedGrant {
  /** The names of the AccessRequest in its cluster once it exists. */
  resourceUid?: string;
  removal: RemovalSummary;
  /** Set once a session's processes were looked for. */
  processes?: ObservedProcesses;
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

/** What the requester of a new request asked for lately, as the transaction that adds to it finds it. */
export interface RequesterActivity {
  openRequests: number;
  /** When each request of the last hour was made; the oldest first. */
  askedAt: string[];
  /** When a request for the same pods was denied last, if that was within the last day. */
  deniedAt?: string;
  /** The database's clock. */
  now: Date;
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
  ids?: string[];
  requester?: string;
  entityRef?: string;
  /** Requests that one of these owners could decide on, or that one of these users did decide on. */
  decidableBy?: { owners: string[]; user: string };
  /** Requests that the user may see: as requester, as one who could or did decide. */
  visibleTo?: { owners: string[]; user: string };
  /** `true`: not ended; `false`: ended. As far as the record tells without a clock; callers compute the phase. */
  open?: boolean;
  /** Only those in one of these phases now. */
  phases?: AccessRequestPhase[];
  /** Words that each stand in the entity, the requester, a decider or the reason. */
  search?: string[];
  askedFrom?: string;
  askedBefore?: string;
  clusterUid?: string;
  /** What the permission framework leaves of them. */
  permitted?: RequestCriteria;
  order?: 'newest' | 'oldest';
  limit: number;
  cursor?: string;
}

export interface RequestPage {
  items: StoredRequest[];
  nextCursor?: string;
}

/** Names one entry of the record among all that ever were. */
export interface EntryMark {
  requestId: string;
  /** Its place on the record of its request, from 0. */
  sequence: number;
  at: string;
}

export interface RequestStore {
  /**
   * @param checkRoom - called inside the transaction with what its requester asked for lately, while nobody
   * else can add one; whatever it throws is thrown, and nothing is stored. Not called for a repeated call.
   * @throws ConflictError, naming the open request, when the requester already has an open one for the same targets and level
   */
  create(
    request: NewRequest,
    checkRoom?: (activity: RequesterActivity) => void,
  ): Promise<StoredRequest>;
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
  /** The newest entry on any request's record: by it others can tell whether this database was put back. */
  newestEntry(): Promise<EntryMark | undefined>;
  /** The database's clock. */
  now(): Promise<Date>;
  /** Called after each commit of this process, with the entries that it added. Returns how to stop. */
  onChange(listener: ChangeListener): () => void;
}

/** Called with a request that was changed and the entries that were added to its record. */
export type ChangeListener = (
  request: StoredRequest,
  added: RecordEntry[],
) => void;

/**
 * What is committed on this replica, at once, and on every other one, soon and without fail. A change may be told twice
 * and several may be told as one: whoever has to act exactly once listens to {@link RequestStore.onChange} instead.
 */
export interface ChangeFeed {
  /** Returns how to stop. */
  onChange(listener: ChangeListener): () => void;
}

/** Whether the database can be heard, and how its clock differs from ours. */
export interface DatabaseContact {
  /** When the database answered last, on the monotonic clock. */
  lastHeardAt(): number;
  /** How much this process's wall clock is ahead of the database's, in milliseconds; 0 until it is measured. */
  clockOffsetMs(): number;
  /** Whether the clocks differ by so much that this replica opens no sessions. */
  isClockOff(): boolean;
  /** Calls whenever nothing has been heard for so long: once for each silence. Returns how to stop. */
  onSilent(silenceMs: number, listener: () => void): () => void;
  /**
   * Calls when the database answers after a time in which the other replicas may have taken this one for dead and
   * closed its sessions: it stood still, or was cut off. Returns how to stop.
   */
  onTakenForDead(listener: () => void): () => void;
}

export interface StoredSession {
  id: string;
  requestId: string;
  clusterUid: string;
  user: string;
  /** A number that marks this session's processes in the container. */
  mark: number;
  /** The process that holds the socket; until the ticket is redeemed, the one that made the ticket. */
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
  /** Typed and printed; while it is open, until some seconds ago. */
  bytesIn: number;
  bytesOut: number;
  recorded: boolean;
  /** Whether the catalog had the user when the ticket was made; absent when nobody asked. */
  userInCatalog?: boolean;
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
  | 'userInCatalog'
>;

/** How much has gone through a session so far. */
export type SessionTraffic = Pick<StoredSession, 'id' | 'bytesIn' | 'bytesOut'>;

/** How many sessions are open, or have a ticket that can still be redeemed. */
export interface LiveCounts {
  ofUser: number;
  ofRequest: number;
}

export interface SessionStore {
  /**
   * Writes the session's row and its ticket's hash in one transaction with the audit events.
   *
   * @param checkRoom - called inside the transaction, while nobody else can add a session of the same user or request
   * on any replica; whatever it throws is thrown, and nothing is stored. It must not use the database itself.
   */
  create(
    session: NewSession,
    ticket: { hash: string; expiresAt: Date },
    audit: AuditEvent[],
    checkRoom?: (live: LiveCounts) => void,
  ): Promise<StoredSession>;
  /**
   * Takes the ticket: once, before its end, and only for this session. From then on the session belongs to `replica`.
   * Returns the session or undefined; why not is nobody's business.
   */
  redeem(
    sessionId: string,
    ticketHash: string,
    replica: string,
  ): Promise<StoredSession | undefined>;
  /** @returns whether it is open now; false when it was closed meanwhile, by whomever */
  markOpen(id: string, replica: string, audit: AuditEvent[]): Promise<boolean>;
  /** Closes sessions whose ticket was not redeemed and no longer can be, whoever made them. Returns how many. */
  closeUnused(reason: string): Promise<number>;
  /**
   * Closes a session and, if its ticket had been redeemed, puts it into the reap queue in the same transaction.
   * Closing a closed session changes nothing.
   */
  markClosed(
    id: string,
    end: { reason: string; bytesIn: number; bytesOut: number },
    audit: AuditEvent[],
  ): Promise<void>;
  /** Writes how much has gone through sessions of a replica. Of those that are not open (any more) nothing changes. */
  noteTraffic(replica: string, traffic: SessionTraffic[]): Promise<void>;
  listByRequest(requestId: string): Promise<StoredSession[]>;
  /** Sessions in a pod that are opening or open: whose processes must be left alone. */
  liveInPod(clusterUid: string, podUid: string): Promise<StoredSession[]>;
  countLive(filter: { user?: string; requestId?: string }): Promise<number>;
  /**
   * Sessions that are open, newest first.
   *
   * @param requests - narrows the requests that they are under
   */
  listOpen(query: {
    requests: Pick<RequestQuery, 'visibleTo' | 'permitted'>;
    limit: number;
    cursor?: string;
  }): Promise<{ items: StoredSession[]; nextCursor?: string }>;
  /**
   * Closes sessions whose ticket was redeemed by a replica that is dead, and puts them into the reap queue; never
   * those of a replica that is alive. Any replica may do so at any time, also at once.
   *
   * @returns those that it closed
   */
  closeAbandoned(reason: string): Promise<StoredSession[]>;
}

/** What a try to end the processes of a session found. */
export interface ReapOutcome {
  state: 'none-left' | 'left' | 'unknown';
  /** How many processes were found. */
  found: number;
  /** How many of them are still there. */
  left: number;
  /** Why it could not be told, or why there was nothing to look at. */
  detail?: ProcessesReason;
}

/** A session that has ended and whose processes have to be ended. */
export interface ReapTask {
  session: StoredSession;
  /** How often it was tried before. */
  attempts: number;
  /** How many processes earlier tries ended. */
  found: number;
  createdAt: string;
  /** The database's clock at the claim. */
  claimedAt: string;
}

/** What is known of the processes of a session that has ended. */
export interface ReapReport {
  sessionId: string;
  state: 'waiting' | 'settled';
  attempts: number;
  /** What the last try found; absent before the first. */
  outcome?: ReapOutcome;
  settledAt?: string;
}

/**
 * Sessions whose processes have to be ended, kept until that is done. A claim is good for a while only, so that a
 * replica that dies with it keeps nobody from finishing.
 */
export interface ReapQueue {
  /** Claims one session, whether it is due or not; undefined when it is settled or another replica has it. */
  claim(
    sessionId: string,
    replica: string,
    claimMs: number,
  ): Promise<ReapTask | undefined>;
  /** Claims sessions of these clusters that are due and that nobody has, the oldest first. */
  claimDue(
    replica: string,
    options: { clusterUids: string[]; limit: number; claimMs: number },
  ): Promise<ReapTask[]>;
  /** Takes the session off the queue together with the audit events. Does nothing when it is settled already. */
  settle(
    sessionId: string,
    outcome: ReapOutcome,
    audit: AuditEvent[],
  ): Promise<void>;
  /** Lets go of the claim; the next try is after `delayMs`. */
  postpone(
    sessionId: string,
    outcome: ReapOutcome,
    delayMs: number,
  ): Promise<void>;
  /** Lets go of all claims of a replica that stops. */
  release(replica: string): Promise<void>;
  listByRequest(requestId: string): Promise<ReapReport[]>;
}

/** The process that a replica is. */
export interface Replica {
  id: string;
  host: string;
  pid: number;
}

/** Which replicas are alive. */
export interface ReplicaStore {
  /**
   * Says that the replica is alive: makes its row or moves it on.
   *
   * @returns the database's clock
   */
  beat(replica: Replica): Promise<Date>;
  /** Removes the replica's row: it ends in order. */
  remove(id: string): Promise<void>;
  /** Removes the rows of replicas that have been dead for long. */
  forgetDead(): Promise<void>;
  /** Other replicas of this installation that were seen lately. */
  listOthersAlive(id: string): Promise<Array<Replica & { seenAt: string }>>;
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
  /** All of them, in one transaction, or none. */
  append(...segments: RecordingSegment[]): Promise<void>;
  read(sessionId: string): Promise<RecordingSegment[]>;
  /**
   * In order, few at a time, however many there are.
   *
   * @param after - the sequence of the segment before the first one that is wanted
   */
  scan(sessionId: string, after?: number): AsyncIterable<RecordingSegment>;
}
