import type { LoggerService } from '@backstage/backend-plugin-api';
import { ServiceUnavailableError, stringifyError } from '@backstage/errors';
import type { ErrorRequestHandler } from 'express';
import { KubeApiError } from '../kubernetes';

/** What Backstage's errors append to their message when they have a cause. */
const CAUSED_BY = '; caused by ';

/**
 * Keeps what a cluster says about our own identity, or a network about our hosts, in our log and away from browsers.
 */
export function hideCauses(logger: LoggerService): ErrorRequestHandler {
  return (error, req, _res, next) => {
    const told = toTell(error);
    if (told !== error) {
      logger.warn(`${req.method} ${req.path} failed: ${stringifyError(error)}`);
    }
    next(told);
  };
}

function toTell(error: unknown): unknown {
  if (error instanceof KubeApiError) {
    return new ServiceUnavailableError(
      'The cluster did not answer as it should; try again in a moment',
    );
  }
  return error instanceof ServiceUnavailableError && error.cause
    ? new ServiceUnavailableError(error.message.split(CAUSED_BY)[0])
    : error;
}
