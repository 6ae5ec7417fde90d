import { randomUUID } from 'node:crypto';
import { stateAt } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { WebSocket } from 'ws';
import type { Clock } from '../controller/Clock';
import type {
  RequestStore,
  StoredRequest,
  StoredSession,
} from '../database/types';
import type { GrantAccess } from '../grants/types';
import {
  isForbidden,
  isUnauthorized,
  KubeApiError,
  tokenIdOf,
} from '../kubernetes';
import type { ClusterConnection, Clusters } from '../kubernetes/types';
import { ENDINGS, type SessionEnd } from './endingMessages';
import { findPod } from './findPod';
import { mayOpenSession, type SessionRefusal } from './mayOpenSession';
import { shellCommand } from './shellCommand';
import { sessionUserAgent } from './userAgent';

/** A new RoleBinding is in force within milliseconds, but not always at the first try. */
const FORBIDDEN_RETRY_DELAYS_MS = [50, 100, 200, 300, 350];

const EXEC_TIMEOUT_MS = 10_000;

/** Why a session that has its ticket is not let in after all. */
export class SessionRefusedError extends Error {
  override readonly name = 'SessionRefusedError';

  constructor(
    /** For the audit trail. */
    readonly reason: string,
    readonly end: SessionEnd,
  ) {
    super(end.message);
  }
}

/** A session that may begin. */
export interface AdmittedSession {
  /** Open and paused: not a byte has been read. */
  upstream: WebSocket;
  expiresAt: string;
  /** When that is, on the monotonic clock. */
  deadline: number;
  /** How the cluster's own audit log knows the exec, and the token that opened it. */
  inClusterAudit: { auditId: string; tokenId?: string };
}

export interface SessionAdmissionOptions {
  requests: RequestStore;
  clusters: Clusters;
  grants: GrantAccess;
  clock: Clock;
  /** The version of this plugin, for the API server's audit log. */
  version: string;
}

/**
 * Lets a session in whose ticket has been redeemed: checks everything on the server again, opens the exec with the
 * grant's own token, and checks record and container once more, because either may have changed while the stream was
 * being opened.
 */
export class SessionAdmission {
  readonly #options: SessionAdmissionOptions;

  constructor(options: SessionAdmissionOptions) {
    this.#options = options;
  }

  /**
   * @param isWanted - whether there is still somebody to let in; asked before the cluster is told to start a shell
   * @throws SessionRefusedError
   */
  async admit(
    session: StoredSession,
    isWanted: () => boolean,
  ): Promise<AdmittedSession> {
    const { request, expiresAt, deadline } = await this.#checkUse(session);
    demand(mayOpenSession.place({ request, place: session }));
    const connection = this.#options.clusters.byUid(session.clusterUid);
    if (!connection) {
      throw new SessionRefusedError('cluster-away', ENDINGS.clusterAway);
    }
    await Promise.all([
      this.#token(request),
      this.#checkContainer(connection, request, session),
    ]);
    if (!isWanted()) {
      throw new SessionRefusedError('ended', ENDINGS.browserClosed);
    }
    const { upstream, auditId, token } = await this.#openExec(
      connection,
      session,
      request,
    );
    upstream.on('error', () => {});
    try {
      // The request may have ended on another replica, and the container may have been replaced, in the meantime.
      await Promise.all([
        this.#checkUse(session),
        this.#checkContainer(connection, request, session),
      ]);
    } catch (error) {
      upstream.terminate();
      throw error;
    }
    const inClusterAudit = { auditId, tokenId: tokenIdOf(token) };
    return { upstream, expiresAt, deadline, inClusterAudit };
  }

  /**
   * The request of an open session, if the session may go on by the record.
   * @throws SessionRefusedError if not
   */
  async standing(session: StoredSession): Promise<StoredRequest> {
    return (await this.#checkUse(session)).request;
  }

  async #checkUse(session: StoredSession) {
    const { requests, clock } = this.#options;
    const before = clock.monotonic();
    const [request, now] = await Promise.all([
      requests.get(session.requestId),
      requests.now(),
    ]);
    if (!request) {
      throw new SessionRefusedError('no-request', ENDINGS.badTicket);
    }
    const state = stateAt(request, request.observed, now);
    demand(mayOpenSession.use({ user: session.user, request, state }));
    const expiresAt = state.expiresAt!;
    // Measured from before the question, so that the answer's way does not make it longer.
    const deadline = before + (Date.parse(expiresAt) - now.getTime());
    return { request, expiresAt, deadline };
  }

  async #token(request: StoredRequest): Promise<string> {
    try {
      return await this.#options.grants.token(request);
    } catch (error) {
      throw refusedBy('no-token', ENDINGS.clusterAway, error);
    }
  }

  async #checkContainer(
    connection: ClusterConnection,
    request: StoredRequest,
    session: StoredSession,
  ): Promise<void> {
    const pod = await findPod(connection.client, request, session).catch(
      error => {
        throw refusedBy('cluster-away', ENDINGS.clusterAway, error);
      },
    );
    demand(
      mayOpenSession.container({
        request,
        place: session,
        pod,
        entered: session,
      }),
    );
  }

  async #openExec(
    connection: ClusterConnection,
    session: StoredSession,
    request: StoredRequest,
  ): Promise<{ upstream: WebSocket; auditId: string; token: string }> {
    let isTokenNew = false;
    for (let attempt = 0; ; attempt++) {
      const auditId = randomUUID();
      const token = await this.#token(request);
      try {
        const upstream = await connection.openExec({
          namespace: session.namespace,
          pod: session.pod,
          container: session.container,
          command: shellCommand(session),
          tty: true,
          stdin: true,
          token,
          userAgent: sessionUserAgent(this.#options.version, session),
          auditId,
          timeoutMs: EXEC_TIMEOUT_MS,
        });
        return { upstream, auditId, token };
      } catch (error) {
        const delay = FORBIDDEN_RETRY_DELAYS_MS[attempt];
        if (isUnauthorized(error) && !isTokenNew) {
          // The ServiceAccount was made anew, perhaps by another replica: what was minted before is worth nothing.
          this.#options.grants.forget(request.id);
          isTokenNew = true;
        } else if (isForbidden(error) && delay !== undefined) {
          await this.#wait(delay);
        } else {
          throw execRefused(error);
        }
      }
    }
  }

  async #wait(delayMs: number): Promise<void> {
    await new Promise<void>(resolve => {
      this.#options.clock.schedule(delayMs, resolve);
    });
  }
}

function demand(refusal: SessionRefusal | undefined): void {
  if (refusal) {
    throw new SessionRefusedError(refusal.reason, {
      reason: refusal.close,
      message: refusal.message,
    });
  }
}

/** The cause stays with us: what a cluster says about our own identity is nothing for a browser. */
function refusedBy(
  reason: string,
  end: SessionEnd,
  cause: unknown,
): SessionRefusedError {
  const error = new SessionRefusedError(reason, end);
  error.cause = cause;
  return error;
}

function execRefused(error: unknown): SessionRefusedError {
  if (!(error instanceof KubeApiError)) {
    return refusedBy('cluster-away', ENDINGS.clusterAway, error);
  }
  switch (error.status) {
    case 400:
    case 404:
      return refusedBy('pod-gone', ENDINGS.podGone, error);
    case 401:
    case 403:
      return refusedBy('exec-forbidden', ENDINGS.execForbidden, error);
    default:
      return refusedBy('exec-failed', ENDINGS.clusterAway, error);
  }
}
