import type { EndReason } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';

/** Ends requests: commits the end, cuts the streams of this process, has the grant removed. */
export interface Endings {
  /**
   * @throws ConflictError when the request has already ended, saying how
   * @throws NotFoundError
   */
  end(
    requestId: string,
    end: { reason: EndReason; actor: string; comment?: string },
  ): Promise<StoredRequest>;
}
