import type { LoggerService } from '@backstage/backend-plugin-api';
import { ServiceUnavailableError, stringifyError } from '@backstage/errors';
import type { ErrorRequestHandler } from 'express';
import { isDatabaseAway, isDatabaseError } from '../database/databaseErrors';
import { KubeApiError } from '../kubernetes';
import { comesTooLate, DATABASE_AWAY } from './answerInTime';

/** What Backstage's errors append to their message when they have a cause. */
const CAUSED_BY = '; caused by ';

/**
 * Keeps what a cluster says about our own identity, a network about our hosts, a database about our tables, or a
 * neighbour in Backstage about itself, in our log and away from browsers.
 */
export function hideCauses(logger: LoggerService): ErrorRequestHandler {
  return (error, req, res, next) => {
    if (comesTooLate(res)) {
      logger.debug(
        `${req.method} ${req.path} failed late: ${stringifyError(error)}`,
      );
      return;
    }
    const told = toTell(error);
    if (told !== error) {
      logger.warn(`${req.method} ${req.path} failed: ${stringifyError(error)}`);
    }
    next(told);
  };
}

function toTell(error: unknown): unknown {
  if (isDatabaseAway(error)) {
    return new ServiceUnavailableError(DATABASE_AWAY);
  }
  if (isDatabaseError(error)) {
    return new Error('The database refused what was to be stored');
  }
  if (error instanceof KubeApiError) {
    return new ServiceUnavailableError(
      'The cluster did not answer as it should; try again in a moment',
    );
  }
  if (isOfNeighbour(error)) {
    return new ServiceUnavailableError(
      'The catalog, the sign-in or the permission policy of this Backstage does not answer as it should, so nothing was done; try again in a moment',
    );
  }
  return error instanceof ServiceUnavailableError && error.cause
    ? new ServiceUnavailableError(error.message.split(CAUSED_BY)[0])
    : error;
}

/** Another plugin's status is not the answer to what we were asked: its 404 does not mean that there is no request. */
function isOfNeighbour(error: unknown): boolean {
  const { name, message } = (error ?? {}) as Partial<Error>;
  return (
    name === 'ResponseError' ||
    name === 'FetchError' ||
    (name === 'TypeError' && message === 'fetch failed')
  );
}
