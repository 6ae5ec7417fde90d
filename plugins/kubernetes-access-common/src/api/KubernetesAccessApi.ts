import type { RequestReview } from './review';
import type {
  AccessCounts,
  AccessRequestDetail,
  AccessRequestPage,
  ClusterStatus,
  CreateAccessRequest,
  EntityAccess,
  ListAccessRequests,
  ListLiveSessions,
  LiveSessionPage,
  OpenSession,
  PodSummary,
  SessionTicket,
} from './types';

/**
 * What can be done through the plugin's API, in the name of the signed-in user.
 *
 * Every method rejects with a `ResponseError` when the back end refuses; its message is for people.
 * @public
 */
export interface KubernetesAccessApi {
  /** What the form and the state line of an entity's Access tab show. */
  getEntityAccess(entityRef: string): Promise<EntityAccess>;

  /**
   * Asks for access.
   * @param options - with an idempotency key, a repeated call finds the request of the first one
   */
  createRequest(
    request: CreateAccessRequest,
    options?: { idempotencyKey?: string },
  ): Promise<AccessRequestDetail>;

  listRequests(query: ListAccessRequests): Promise<AccessRequestPage>;

  getRequest(id: string): Promise<AccessRequestDetail>;

  /** What those who can decide on a request want to know beside what it says. */
  reviewRequest(id: string): Promise<RequestReview>;

  /** Approves exactly what the digest stands for. */
  approveRequest(
    id: string,
    decision: { digest: string; comment?: string },
  ): Promise<AccessRequestDetail>;

  /** Denies; the requester gets to read the comment. */
  denyRequest(
    id: string,
    decision: { digest: string; comment: string },
  ): Promise<AccessRequestDetail>;

  /** Withdraws or ends a request of one's own. */
  cancelRequest(
    id: string,
    end?: { comment?: string },
  ): Promise<AccessRequestDetail>;

  /** Ends somebody else's request. */
  revokeRequest(
    id: string,
    end?: { comment?: string },
  ): Promise<AccessRequestDetail>;

  /** The pods that a request of one's own reaches now. */
  listPods(id: string): Promise<PodSummary[]>;

  /** Gets the ticket that opens a session's WebSocket. */
  openSession(id: string, session: OpenSession): Promise<SessionTicket>;

  /** The sessions that are open now under the requests that the caller may see. */
  listLiveSessions(query?: ListLiveSessions): Promise<LiveSessionPage>;

  /** How the clusters are, for admins. For everybody else this does not exist. */
  listClusters(): Promise<ClusterStatus[]>;

  /**
   * What was recorded of a session, as lines of an asciicast (v2), while they arrive. The header, which is the first
   * one, has a {@link RecordingCheck}. Each reading is on record in the audit trail.
   *
   * @param options - `follow`: of a session that is open, go on with what is shown from now on, until it closes; an
   * empty line says no more than that the connection is alive
   */
  readRecording(
    id: string,
    sessionId: string,
    options?: { signal?: AbortSignal; follow?: boolean },
  ): AsyncIterable<string>;

  /** Numbers for badges. */
  getCounts(): Promise<AccessCounts>;

  /** The address of a session's WebSocket: the ticket's path under the plugin's base URL. */
  getSessionUrl(ticket: SessionTicket): Promise<string>;
}
