import type { Knex } from 'knex';
import type { RequestPersonRow } from './tables';
import { TABLES } from './tables';

/** The ids of requests to which one of the refs is something. */
export function peopleRequests(
  role: RequestPersonRow['role'],
  refs: string[],
): Knex.QueryCallback {
  return function select() {
    this.select('request_id')
      .from(TABLES.requestPeople)
      .where('role', role)
      .whereIn('ref', refs);
  };
}

/**
 * Narrows a query on requests to those to which one of the refs is something.
 *
 * Pages are short and in the order of ids: to walk along the ids, asking of each whether it is among those, ends as soon
 * as the page is full. To fetch all of those first and to sort them, which engines prefer where they may look an id up,
 * takes the longer the more there are.
 */
export function whereSomebody(
  builder: Knex.QueryBuilder,
  role: RequestPersonRow['role'],
  refs: string[],
): void {
  builder.whereRaw(
    `id || '' in (select request_id from ${
      TABLES.requestPeople
    } where role = ? and ref in (${refs.map(() => '?').join(', ')}))`,
    [role, ...refs],
  );
}
