import type { Knex } from 'knex';
import { isPostgres } from './rawConnection';
import { TABLES } from './tables';
import type { SessionTraffic } from './types';

/** The values of all sessions as rows, in one binding: engines bind only so many values in one statement. */
const NOTED = {
  postgres: `json_to_recordset(?::json) as noted("id" text, "bytesIn" bigint, "bytesOut" bigint)`,
  sqlite: `(
    select json_extract(value, '$.id') as id,
      json_extract(value, '$.bytesIn') as bytesIn,
      json_extract(value, '$.bytesOut') as bytesOut
    from json_each(?)
  ) as noted`,
} as const;

/** Writes how much has gone through open sessions of a replica so far, of all of them in one statement. */
export async function noteTraffic(
  knex: Knex,
  installationId: string,
  replica: string,
  traffic: SessionTraffic[],
): Promise<void> {
  const noted = NOTED[isPostgres(knex) ? 'postgres' : 'sqlite'];
  await knex.raw(
    // What is on record as closed says how much it was in the end.
    `update ${TABLES.sessions}
    set bytes_in = noted."bytesIn", bytes_out = noted."bytesOut"
    from ${noted}
    where ${TABLES.sessions}.id = noted.id
      and ${TABLES.sessions}.installation_id = ?
      and ${TABLES.sessions}.replica = ?
      and ${TABLES.sessions}.state = 'open'`,
    [JSON.stringify(traffic), installationId, replica],
  );
}
