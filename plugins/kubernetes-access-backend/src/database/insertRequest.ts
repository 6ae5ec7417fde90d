import { ConflictError } from '@backstage/errors';
import type { Knex } from 'knex';
import {
  isTerminal,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { openKeyOf } from '../requests/digest';
import { isUniqueViolation } from './databaseErrors';
import {
  newStored,
  projectionOf,
  toEntryRow,
  toRequestRow,
} from './requestRows';
import type { RequestTable } from './RequestTable';
import type { RequestRow } from './tables';
import { TABLES } from './tables';
import { activityOf } from './requesterActivity';
import type { NewRequest, RequesterActivity, StoredRequest } from './types';

/**
 * Inserts a request with the first entry of its record and those who can decide on it.
 *
 * @param checkRoom - throws when its requester has asked for enough
 * @throws ConflictError when the requester has an open one for the same
 */
export async function insertRequest(
  table: RequestTable,
  trx: Knex.Transaction,
  request: NewRequest,
  now: Date,
  checkRoom?: (activity: RequesterActivity) => void,
): Promise<StoredRequest> {
  await freeOpenKey(table, trx, request, now);
  checkRoom?.(await activityOf(table, trx, request.terms, now));
  const stored = newStored(request, now);
  await trx(TABLES.requests)
    .insert(toRequestRow(stored, table.installationId, now))
    .catch(error => {
      throw isUniqueViolation(error) ? alreadyOpen(request) : error;
    });
  await trx(TABLES.recordEntries).insert(
    stored.entries.map((entry, index) => toEntryRow(stored.id, index, entry)),
  );
  const { owners, users } = request.approvers;
  for (const ref of new Set([...owners, ...users])) {
    await trx(TABLES.requestPeople).insert({
      request_id: stored.id,
      ref,
      role: 'approver',
    });
  }
  return stored;
}

/** A request that the clock has ended keeps the key until somebody looks: look now. */
async function freeOpenKey(
  table: RequestTable,
  trx: Knex.Transaction,
  request: NewRequest,
  now: Date,
): Promise<void> {
  const holder: RequestRow | undefined = await table
    .rows(trx)
    .where({ open_key: openKeyOf(request.terms) })
    .forUpdate()
    .first();
  if (!holder) {
    return;
  }
  const stored = await table.require(trx, holder.id);
  if (!isTerminal(stateAt(stored, stored.observed, now).phase)) {
    throw alreadyOpen(request, holder.id);
  }
  await table
    .rows(trx)
    .where({ id: holder.id })
    .update(projectionOf(stored, now));
}

function alreadyOpen(request: NewRequest, id?: string): ConflictError {
  return new ConflictError(
    `You already have an open request for the same pods of ${
      request.terms.entityRef
    }${id ? ` ('${id}')` : ''}; use it, or withdraw it first`,
  );
}
