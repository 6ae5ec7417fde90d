import type { ResponseError } from '@backstage/errors';

/** What went wrong, in the words of whoever knows best: the back end, or else the browser. */
export function messageOf(error: Error): string {
  return isResponseError(error) ? error.cause.message : error.message;
}

/** Whether nothing answered: the network is away, or Backstage is. */
export function isUnreachable(error: Error): boolean {
  return (
    // What browsers reject with when a fetch gets no answer, each in words of its own.
    (error.name === 'TypeError' &&
      /fetch|network|load failed/i.test(error.message)) ||
    // What proxies answer in its stead.
    [502, 504].includes(statusOf(error) ?? 0)
  );
}

/** Whether the back end does not know any more who is calling. */
export function isSignedOut(error: Error): boolean {
  return nameOf(error) === 'AuthenticationError' || statusOf(error) === 401;
}

/** Whether the back end refused because things have moved on meanwhile. */
export function isConflict(error: Error): boolean {
  return nameOf(error) === 'ConflictError';
}

/** Whether there is no such thing, or none for the caller. */
export function isNotFound(error: Error): boolean {
  return nameOf(error) === 'NotFoundError';
}

/** Whether there is such a thing, but not for the caller. */
export function isNotAllowed(error: Error): boolean {
  return nameOf(error) === 'NotAllowedError';
}

function statusOf(error: Error): number | undefined {
  return isResponseError(error) ? error.response?.status : undefined;
}

function nameOf(error: Error): string {
  return isResponseError(error) ? error.cause.name : error.name;
}

// Not by `instanceof`: an app can hold two versions of the errors package.
function isResponseError(error: Error): error is ResponseError {
  return error.name === 'ResponseError' && error.cause instanceof Error;
}
