import type { Knex } from 'knex';
import { isPostgres } from './rawConnection';

/**
 * The authority for instants: the clock of the database, which all replicas share.
 */
export interface DatabaseClock {
  /** @param knex - the transaction, where there is one: SQLite has only one connection */
  now(knex: Knex): Promise<Date>;
}

/** Asks the database. SQLite runs in this process, so its clock is this machine's. */
export const databaseClock: DatabaseClock = {
  async now(knex) {
    if (!isPostgres(knex)) {
      return new Date();
    }
    const { rows } = await knex.raw('select clock_timestamp() as now');
    return new Date(rows[0].now);
  },
};
