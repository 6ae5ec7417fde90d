import type {
  EndReason,
  OpenSession,
  SessionTicket,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import type { Caller } from '../requests/types';
import type { SessionRefusal } from './mayOpenSession';

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
   * @param input.permitted - where that is still being found out: it rejects when they may not. Until then nobody is
   * told anything, and there is no ticket
   * @throws ConflictError when the request does not stand now, or there is no room for another session
   * @throws NotAllowedError when the place is not one of the request's
   */
  open(input: {
    caller: Caller;
    request: StoredRequest;
    session: OpenSession;
    permitted?: Promise<unknown>;
  }): Promise<SessionTicket>;
}

/** Who wants to use what. */
export interface AuthorityQuestion {
  user: string;
  /** Whether the catalog had the user when the session was asked for. */
  userInCatalog?: boolean;
  request: StoredRequest;
  /** The user with credentials, where there are any: the permission framework wants to see them. */
  caller?: Caller;
}

/**
 * What is to be said, apart from the record, about whether somebody may use a request: the user, the permission, the
 * consent of the target.
 */
export interface SessionAuthority {
  /**
   * Who a Backstage token stands for.
   * @throws when it does not stand for a user
   */
  identify(token: string): Promise<Caller>;
  /** Whether the catalog has a user. */
  knowsUser(userRef: string, options?: { fresh?: boolean }): Promise<boolean>;
  /**
   * What speaks against it, by what is known since a few seconds at most, or, `fresh`, now. Rejects when that cannot
   * be told.
   */
  judge(
    question: AuthorityQuestion,
    options?: { fresh?: boolean },
  ): Promise<SessionRefusal | undefined>;
}
