import type {
  EndReason,
  OpenSession,
  SessionTicket,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import type { Caller } from '../requests/types';

/** The terminals that are open in this process. */
export interface LiveSessions {
  /** Closes every socket of a request now, without any call to a cluster or the database in between. */
  cut(requestId: string, end: { reason: EndReason; message: string }): void;
  /** Requests with sockets open in this process. */
  requestIds(): string[];
  count(): number;
}

/** Hands out tickets for sessions. */
export interface SessionOpener {
  /**
   * @param input.request - one that the caller may see and use, as far as permissions go
   * @throws ConflictError when the request does not stand now, or there is no room for another session
   * @throws NotAllowedError when the place is not one of the request's
   */
  open(input: {
    caller: Caller;
    request: StoredRequest;
    session: OpenSession;
  }): Promise<SessionTicket>;
}
