import { ServiceUnavailableError } from '@backstage/errors';
import type { RequestHandler, Response } from 'express';
import type { Clock } from '../controller/Clock';
import type { DatabaseContact } from '../database/types';

/** So long without a word from the database, and nothing is asked of it any more. */
const SILENCE_MS = 5_000;
/** Longer than anything takes that works: whoever waits for longer waits for something that hangs. */
const ANSWER_MS = 20_000;
/** Reads all of the audit trail, and says meanwhile what it has found. */
const TAKES_ITS_TIME = /^\/audit\//;

/** What people read when the database is away. */
export const DATABASE_AWAY =
  'The database of Kubernetes Access does not answer now. Try again in a moment';

/**
 * Gives everybody an answer in bounded time, whatever hangs: at once while nothing is heard from the database, so that
 * calls do not pile up in front of it.
 */
export function answerInTime(options: {
  contact: Pick<DatabaseContact, 'lastHeardAt'>;
  clock: Clock;
}): RequestHandler {
  const { contact, clock } = options;
  const isSilent = () =>
    clock.monotonic() - contact.lastHeardAt() >= SILENCE_MS;
  return (req, res, next) => {
    if (isSilent()) {
      next(new ServiceUnavailableError(DATABASE_AWAY));
      return;
    }
    if (!TAKES_ITS_TIME.test(req.path)) {
      const cancel = clock.schedule(ANSWER_MS, () => {
        if (!res.headersSent) {
          res.locals.isAnsweredForIt = true;
          next(new ServiceUnavailableError(tooLate(isSilent())));
        }
      });
      res.once('close', cancel);
    }
    next();
  };
}

/** Whether what comes now comes too late: there has been an answer already. */
export function comesTooLate(res: Response): boolean {
  return Boolean(res.locals.isAnsweredForIt) && res.headersSent;
}

function tooLate(isDatabaseSilent: boolean): string {
  return isDatabaseSilent
    ? DATABASE_AWAY
    : `There was no answer within ${
        ANSWER_MS / 1000
      } s. Look whether it has been done all the same, and try again in a moment`;
}
