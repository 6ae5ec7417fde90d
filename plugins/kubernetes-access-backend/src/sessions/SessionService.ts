import { randomBytes, randomInt } from 'node:crypto';
import {
  ConflictError,
  InputError,
  NotAllowedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  type OpenSession,
  type SessionTicket,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { RefusalTrail } from '../audit';
import type { KubernetesAccessOptions } from '../config/types';
import type {
  RequestStore,
  SessionStore,
  StoredRequest,
  StoredSession,
} from '../database/types';
import type { GrantAccess } from '../grants/types';
import { whySuspended } from '../kubernetes';
import type { ClusterConnection, Clusters, Pod } from '../kubernetes/types';
import type { Caller } from '../requests/types';
import { createRequestId } from '../requests/requestId';
import { isTerminalSize } from './clientFrames';
import type { ContactGuard } from './ContactGuard';
import { findPod } from './findPod';
import {
  containerOf,
  mayOpenSession,
  type SessionContainer,
  type SessionRefusal,
} from './mayOpenSession';
import { createMark } from './shellCommand';
import { createTicket, hashTicket, TICKET_LIFETIME_MS } from './ticket';
import type {
  AuthorityQuestion,
  SessionAuthority,
  SessionOpener,
} from './types';

export interface SessionServiceOptions {
  requests: RequestStore;
  sessions: SessionStore;
  clusters: Clusters;
  grants: GrantAccess;
  authority: Pick<SessionAuthority, 'judge' | 'knowsUser'>;
  contact: Pick<ContactGuard, 'problem'>;
  limits: KubernetesAccessOptions['sessions'];
  recorded: boolean;
  /** The id of this process. */
  replica: string;
  refusals: RefusalTrail;
}

/** Who wants to open what. */
interface Wish {
  caller: Caller;
  request: StoredRequest;
  session: OpenSession;
}

/** What was found before a ticket: why there is none, or what it is for. */
type Seen =
  | { refusal: SessionRefusal }
  | { now: Date; pod: Pod; userInCatalog: boolean };

/** Thrown inside the transaction that counted; put on record after it. */
class NoRoomError extends Error {
  override readonly name = 'NoRoomError';

  constructor(readonly refusal: SessionRefusal) {
    super(refusal.message);
  }
}

/**
 * Hands out tickets for sessions. Everything is checked here so that people get an answer that they can read;
 * it is checked again when the ticket is redeemed, which is what counts.
 */
export class SessionService implements SessionOpener {
  readonly #options: SessionServiceOptions;

  constructor(options: SessionServiceOptions) {
    this.#options = options;
  }

  async open({
    permitted,
    ...wish
  }: Wish & { permitted?: Promise<unknown> }): Promise<SessionTicket> {
    const looking = this.#look(wish);
    looking.catch(() => {
      // Who is not permitted does not hear of it.
    });
    await permitted;
    const { caller, request, session } = wish;
    const seen = await looking;
    if ('refusal' in seen) {
      return this.#refuse(seen.refusal, wish);
    }
    const { now, pod, userInCatalog } = seen;
    await this.#options.grants.ensurePod(
      request,
      session.namespace,
      session.pod,
    );
    const container = containerOf(pod, session.container);
    try {
      return await this.#issueTicket(
        { user: caller.userRef, userInCatalog },
        request,
        session,
        container,
        now,
      );
    } catch (error) {
      if (error instanceof NoRoomError) {
        return this.#refuse(error.refusal, wish);
      }
      throw error;
    }
  }

  /** Checks everything; what has to be asked for, side by side. */
  async #look({ caller, request, session }: Wish): Promise<Seen> {
    if (!isTerminalSize(session.columns) || !isTerminalSize(session.rows)) {
      throw new InputError(
        `A terminal of ${session.columns} columns and ${session.rows} rows is not possible: both must be whole numbers from 1 to 2000.`,
      );
    }
    const problem = this.#options.contact.problem();
    if (problem) {
      throw new ServiceUnavailableError(problem.message);
    }
    const now = await this.#options.requests.now();
    const user = caller.userRef;
    const state = stateAt(request, request.observed, now);
    const objectionByRecord =
      mayOpenSession.use({ user, request, state }) ??
      mayOpenSession.place({ request, place: session });
    if (objectionByRecord) {
      return { refusal: objectionByRecord };
    }
    this.#prepare(request);
    const [noRoom, pod, objection, userInCatalog] = await Promise.all([
      this.#checkLimits(user, request),
      this.#findPod(request, session),
      this.#judge({ user, request, caller }),
      this.#knowsUser(user),
    ]);
    const refusal =
      noRoom ??
      objection ??
      mayOpenSession.container({ request, place: session, pod });
    return refusal ? { refusal } : { now, pod: pod!, userInCatalog };
  }

  /**
   * What the exec will need and what takes a while: the grant's token, and a way to the API server. Whether there will
   * be an exec is another matter, and who cannot have either is told when it is needed.
   */
  #prepare(request: StoredRequest): void {
    const { grants, clusters } = this.#options;
    grants.token(request).catch(() => {});
    clusters.byUid(request.terms.clusterUid)?.prepareExec?.();
  }

  async #checkLimits(user: string, request: StoredRequest) {
    const { sessions, limits } = this.#options;
    const [ofUser, ofRequest] = await Promise.all([
      sessions.countLive({ user }),
      sessions.countLive({ requestId: request.id }),
    ]);
    return mayOpenSession.limits({ ofUser, ofRequest, limits });
  }

  async #findPod(
    request: StoredRequest,
    session: OpenSession,
  ): Promise<Pod | undefined> {
    const connection = this.#connectionOf(request);
    try {
      return await findPod(connection.client, request, session);
    } catch (error) {
      throw new ServiceUnavailableError(
        `The pods of ${request.clusterName} cannot be read now. Try again in a moment.`,
        error,
      );
    }
  }

  #connectionOf(request: StoredRequest): ClusterConnection {
    const { clusters } = this.#options;
    const connection = clusters.byUid(request.terms.clusterUid);
    if (!connection) {
      throw new ServiceUnavailableError(
        whySuspended(clusters, request.clusterName) ??
          `The cluster ${request.clusterName} does not answer now. Try again in a moment.`,
      );
    }
    return connection;
  }

  async #knowsUser(user: string): Promise<boolean> {
    try {
      return await this.#options.authority.knowsUser(user, { fresh: true });
    } catch (error) {
      throw cannotTell(error);
    }
  }

  async #judge(question: AuthorityQuestion) {
    try {
      return await this.#options.authority.judge(question, { fresh: true });
    } catch (error) {
      throw cannotTell(error);
    }
  }

  async #issueTicket(
    { user, userInCatalog }: { user: string; userInCatalog: boolean },
    request: StoredRequest,
    session: OpenSession,
    container: SessionContainer,
    now: Date,
  ): Promise<SessionTicket> {
    const ticket = createTicket();
    const expiresAt = new Date(now.getTime() + TICKET_LIFETIME_MS);
    const id = createRequestId(now.getTime(), randomBytes(10));
    const { sessions, limits } = this.#options;
    const stored: StoredSession = await sessions.create(
      {
        id,
        requestId: request.id,
        clusterUid: request.terms.clusterUid,
        user,
        mark: createMark(randomInt),
        replica: this.#options.replica,
        namespace: session.namespace,
        pod: session.pod,
        podUid: container.podUid,
        container: session.container,
        containerId: container.containerId,
        columns: session.columns,
        rows: session.rows,
        recorded: this.#options.recorded,
        userInCatalog,
      },
      { hash: hashTicket(ticket), expiresAt },
      [
        {
          eventId: 'session-ticket',
          actor: user,
          outcome: 'succeeded',
          requestId: request.id,
          meta: {
            session: id,
            namespace: session.namespace,
            pod: session.pod,
            podUid: container.podUid,
            container: session.container,
          },
        },
      ],
      live => demandRoom(mayOpenSession.limits({ ...live, limits })),
    );
    return {
      sessionId: stored.id,
      ticket,
      expiresAt: expiresAt.toISOString(),
      path: `/sessions/${stored.id}/ws`,
    };
  }

  /** Puts a refusal on record and throws it as an error that the API shows. */
  async #refuse(
    refusal: SessionRefusal,
    { caller, request, session }: Wish,
  ): Promise<never> {
    const error = errorOf(refusal);
    await this.#options.refusals.record(
      {
        actor: caller.userRef,
        action: 'session-ticket',
        requestId: request.id,
        reason: refusal.reason,
        meta: {
          namespace: shorten(session.namespace),
          pod: shorten(session.pod),
          container: shorten(session.container),
        },
      },
      error,
    );
    throw error;
  }
}

function demandRoom(refusal: SessionRefusal | undefined): void {
  if (refusal) {
    throw new NoRoomError(refusal);
  }
}

function cannotTell(cause: unknown): Error {
  return new ServiceUnavailableError(
    'It cannot be checked now whether your access still stands. Try again in a moment.',
    cause,
  );
}

/** What was refused may be any text; names of Kubernetes are not longer than this. */
function shorten(text: string): string {
  return text.slice(0, 253);
}

function errorOf({ reason, message }: SessionRefusal): Error {
  switch (reason) {
    case 'not-active':
    case 'container-not-running':
    case 'too-many-of-user':
    case 'too-many-of-request':
      return new ConflictError(message);
    default:
      return new NotAllowedError(message);
  }
}
