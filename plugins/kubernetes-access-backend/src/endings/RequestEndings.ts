import type { RequestStore, StoredRequest } from '../database/types';
import type { End } from '../grants';
import { commitEnd } from '../grants';
import type { Endings } from './types';

/**
 * Ends requests on behalf of people. Committing the end is all that it takes: what stops the streams and removes the
 * grant listens to what is committed, so that an end has the same effect wherever it comes from.
 */
export class RequestEndings implements Endings {
  readonly #store: RequestStore;

  constructor(options: { store: RequestStore }) {
    this.#store = options.store;
  }

  async end(requestId: string, end: End): Promise<StoredRequest> {
    return commitEnd(this.#store, requestId, end);
  }
}
