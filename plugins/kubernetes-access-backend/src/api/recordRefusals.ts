import type {
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { ErrorRequestHandler, Request } from 'express';
import type { Refusal, RefusalTrail } from '../audit/RefusalTrail';
import type { RequestStore } from '../database/types';
import { REQUEST_ID_PATTERN } from '../requests/requestId';
import { actorOf } from './actorOf';
import type { OperationId } from './operations';
import { operationOf } from './operations';

/** How auditors know what was tried. */
export const REFUSED_ACTIONS: Record<OperationId, Refusal['action']> = {
  getEntityAccess: 'entity-read',
  listRequests: 'request-list',
  getCounts: 'request-list',
  createRequest: 'request-create',
  getRequest: 'request-read',
  reviewRequest: 'request-read',
  approveRequest: 'request-decide',
  denyRequest: 'request-decide',
  cancelRequest: 'request-end',
  revokeRequest: 'request-end',
  listPods: 'pod-list',
  openSession: 'session-ticket',
  listLiveSessions: 'session-list',
  listClusters: 'cluster-list',
  readRecording: 'recording-read',
  verifyAudit: 'audit-read',
  exportAuditEvents: 'audit-read',
  exportAuditSegments: 'audit-read',
};

/** Errors that say no to somebody. A mistake in a body is for the caller to put right, and tells auditors nothing. */
const REASONS: Record<string, string> = {
  AuthenticationError: 'not-authenticated',
  NotAllowedError: 'not-allowed',
  NotFoundError: 'not-found',
  ConflictError: 'not-possible-now',
};

const MAX_CAUSE_LENGTH = 300;

/**
 * Puts on record what a route refuses, unless that was done where it was decided and more is known of it.
 * What does not exist for the caller is recorded as well: with the request if there is one, else together.
 */
export function recordRefusals(options: {
  httpAuth: HttpAuthService;
  refusals: RefusalTrail;
  store: Pick<RequestStore, 'get'>;
  logger: LoggerService;
}): ErrorRequestHandler {
  const { refusals, store, logger } = options;

  async function record(error: Error, req: Request): Promise<void> {
    const called = operationOf(req);
    const reason = REASONS[error.name];
    if (!called || !reason || refusals.isRecorded(error)) {
      return;
    }
    const { operation, params } = called;
    const known =
      params.id && REQUEST_ID_PATTERN.test(params.id)
        ? await store.get(params.id)
        : undefined;
    await refusals.record({
      actor: await actorOf(req, options),
      action: REFUSED_ACTIONS[operation.operationId],
      reason,
      ...(known ? { requestId: known.id } : {}),
      meta: {
        operation: operation.operationId,
        path: req.path.slice(0, MAX_CAUSE_LENGTH),
        // What is wrong with a token may quote the token.
        ...(error.name === 'AuthenticationError'
          ? {}
          : { cause: error.message.slice(0, MAX_CAUSE_LENGTH) }),
      },
    });
  }

  return (error, req, _res, next) => {
    record(error, req)
      .catch(failure =>
        logger.error(
          `A refusal (${error.name}) could not be put on record: ${failure}`,
        ),
      )
      .finally(() => next(error));
  };
}
