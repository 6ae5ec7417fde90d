import { InputError } from '@backstage/errors';
import { MAX_PAGE } from './openapi/schemas';

const DEFAULT_PAGE = 25;

/**
 * How many things a page has. The document says the same, but 1e999 gets past it.
 *
 * @throws InputError for a limit that no page can have
 */
export function limitOf({ limit = DEFAULT_PAGE }: { limit?: number }): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    throw new InputError(`limit must be a whole number from 1 to ${MAX_PAGE}`);
  }
  return limit;
}
