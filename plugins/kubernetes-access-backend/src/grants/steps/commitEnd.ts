import { ConflictError } from '@backstage/errors';
import { commitEnd as commit, commitExpiry } from '../commitEnd';
import type { GrantContext } from '../GrantContext';
import type { Facts, PlannedEnd } from '../plan';

/** Puts an end on record that the clock or the cluster has brought about. */
export async function commitEnd(
  { store, connection, logger }: GrantContext,
  { request }: Facts,
  end: PlannedEnd,
): Promise<void> {
  if (end.reason === 'expired') {
    await commitExpiry(store, request.id, end.actor);
    return;
  }
  logger.warn(
    `Request '${request.id}' of ${request.requester} in cluster '${connection.name}' ends (${end.reason}): ${end.comment}`,
  );
  await commit(store, request.id, end).catch(error => {
    // Somebody else ended it in the meantime, which serves as well.
    if (!(error instanceof ConflictError)) {
      throw error;
    }
  });
}
