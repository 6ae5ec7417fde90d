import type { StoredRequest } from '../database/types';
import type { GrantContext } from './GrantContext';
import type { Removal } from './GrantRemover';
import { grantName } from './names';

/** What has to go of the grant of a request. */
export function removalOf(
  { connection, installationId }: GrantContext,
  { id, requester, terms, observed }: StoredRequest,
): Removal {
  return {
    requestId: id,
    name: grantName(requester, id, observed.resourceUid ?? ''),
    grantNamespace: connection.grantNamespace,
    namespaces: namespacesOf(terms),
    installationId,
  };
}

/** The namespaces that a request reaches. */
export function namespacesOf({
  targets,
}: Pick<StoredRequest['terms'], 'targets'>): string[] {
  return [...new Set(targets.map(({ namespace }) => namespace))];
}
