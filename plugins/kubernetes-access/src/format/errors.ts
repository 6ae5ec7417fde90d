import type { ResponseError } from '@backstage/errors';

/** What went wrong, in the words of whoever knows best: the back end, or else the browser. */
export function messageOf(error: Error): string {
  return isResponseError(error) ? error.cause.message : error.message;
}

/** Whether the back end refused because things have moved on meanwhile. */
export function isConflict(error: Error): boolean {
  return nameOf(error) === 'ConflictError';
}

/** Whether there is no such thing, or none for the caller. */
export function isNotFound(error: Error): boolean {
  return nameOf(error) === 'NotFoundError';
}

function nameOf(error: Error): string {
  return isResponseError(error) ? error.cause.name : error.name;
}

// Not by `instanceof`: an app can hold two versions of the errors package.
function isResponseError(error: Error): error is ResponseError {
  return error.name === 'ResponseError' && error.cause instanceof Error;
}
