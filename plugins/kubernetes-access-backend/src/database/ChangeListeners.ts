import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { RecordEntry } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { ChangeListener, StoredRequest } from './types';

/** Those who want to hear of changes. */
export class ChangeListeners {
  readonly #logger: Pick<LoggerService, 'error'>;
  readonly #listeners = new Set<ChangeListener>();

  constructor(logger: Pick<LoggerService, 'error'>) {
    this.#logger = logger;
  }

  /** Returns how to stop. */
  add(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  tell(request: StoredRequest, added: RecordEntry[]): void {
    for (const listener of this.#listeners) {
      try {
        listener(request, added);
      } catch (error) {
        // What is committed is committed, and the other listeners have to hear of it.
        this.#logger.error(
          `Request '${request.id}' was changed, but not everybody could be told`,
          toError(error),
        );
      }
    }
  }
}
