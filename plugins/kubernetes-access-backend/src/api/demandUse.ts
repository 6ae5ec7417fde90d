import { NotAllowedError } from '@backstage/errors';
import type { StoredRequest } from '../database/types';
import type { Caller } from '../requests';
import { PROBLEMS } from '../requests';
import type { ApiOptions } from './types';

/**
 * Demands that a request may be used by the caller at all, whatever phase it is in. A namespace that was excluded
 * since it was approved is excluded.
 *
 * @throws NotAllowedError
 */
export async function demandUse(
  caller: Caller,
  request: StoredRequest,
  { gate, excludedNamespaces }: Pick<ApiOptions, 'gate' | 'excludedNamespaces'>,
): Promise<void> {
  if (!(await gate.may(caller, 'openSession', request))) {
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
}
