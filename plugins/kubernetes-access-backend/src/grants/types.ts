import type { StoredRequest } from '../database/types';
import type { ClusterConnection } from '../kubernetes';

/** Makes, keeps true and takes back the grants of all clusters. */
export interface GrantController {
  start(): void;
  stop(): Promise<void>;
  /** Looks at a request again soon, e.g. after a decision or an end was committed. */
  poke(requestId: string): void;
}

/** What a session needs of a grant. */
export interface GrantAccess {
  /**
   * A token of the grant's ServiceAccount, valid for at least a minute and never used past the grant.
   * @throws ServiceUnavailableError when the grant does not stand in the cluster yet
   */
  token(request: StoredRequest): Promise<string>;
  /** Adds a pod that has just started to match to the Role, at once, because a session wants it. */
  ensurePod(
    request: StoredRequest,
    namespace: string,
    pod: string,
  ): Promise<void>;
  /** Forgets the tokens of a request. */
  forget(requestId: string): void;
}

/** Which clusters this process looks after: of all that stand on one database, one at a time does. */
export interface Leadership {
  /**
   * Calls whenever this process begins to look after a cluster, with a connection that refuses to write from the moment
   * in which it does no longer. What the listener returns is called then. Returns how to stop listening.
   */
  onLead(listener: (connection: ClusterConnection) => () => void): () => void;
}
