import { ConflictError } from '@backstage/errors';
import type { Knex } from 'knex';
import { TABLES } from './tables';
import type { NewRequest } from './types';

/**
 * The id of the request that was made when the same user sent the same key before.
 *
 * @throws ConflictError when the key was used to ask for something else
 */
export async function findIdempotent(
  trx: Knex.Transaction,
  request: NewRequest,
): Promise<string | undefined> {
  if (!request.idempotencyKey) {
    return undefined;
  }
  const row = await trx(TABLES.idempotencyKeys)
    .where({
      user_ref: request.terms.requester,
      key: request.idempotencyKey,
    })
    .first();
  if (row && row.digest !== request.digest) {
    throw new ConflictError(
      `The Idempotency-Key '${request.idempotencyKey}' was used for another request; use a new one`,
    );
  }
  return row?.request_id;
}

/** Makes {@link findIdempotent} find the request from now on. */
export async function rememberIdempotent(
  trx: Knex.Transaction,
  request: NewRequest,
  now: Date,
): Promise<void> {
  if (!request.idempotencyKey) {
    return;
  }
  await trx(TABLES.idempotencyKeys).insert({
    user_ref: request.terms.requester,
    key: request.idempotencyKey,
    request_id: request.id,
    digest: request.digest,
    created_at: now.toISOString(),
  });
}
