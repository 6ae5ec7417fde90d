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
