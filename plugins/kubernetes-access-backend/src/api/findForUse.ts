import { NotAllowedError } from '@backstage/errors';
import type { StoredRequest } from '../database/types';
import type { Caller } from '../requests';
import { PROBLEMS } from '../requests';
import type { ApiOptions } from './types';

/**
 * Finds a request that may be used by the caller at all, whatever phase it is in. A namespace that was excluded since
 * it was approved is excluded.
 *
 * @throws NotAllowedError; NotFoundError also for what the caller may not see
 */
export async function findForUse(
  caller: Caller,
  id: string,
  {
    views,
    excludedNamespaces,
  }: Pick<ApiOptions, 'views' | 'excludedNamespaces'>,
): Promise<StoredRequest> {
  const { request, isAllowed } = await views.findFor(caller, 'openSession', id);
  if (!isAllowed) {
    throw new NotAllowedError('Only its requester can use a request');
  }
  const excluded = request.terms.targets.find(({ namespace }) =>
    excludedNamespaces.includes(namespace),
  );
  if (excluded) {
    throw new NotAllowedError(
      PROBLEMS.namespaceExcluded(excluded.namespace).message,
    );
  }
  return request;
}
