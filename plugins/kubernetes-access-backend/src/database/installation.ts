import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { DatabaseClock } from './DatabaseClock';
import { TABLES } from './tables';

/**
 * The id of this installation: made with the database and the same for all replicas on it. Everything in a cluster
 * carries it, so that another installation on the same cluster is never touched.
 */
export async function readInstallationId(
  knex: Knex,
  clock: DatabaseClock,
): Promise<string> {
  await knex(TABLES.installation)
    .insert({
      only: 1,
      id: randomUUID(),
      created_at: (await clock.now(knex)).toISOString(),
    })
    .onConflict('only')
    .ignore();
  const row = await knex(TABLES.installation).where({ only: 1 }).first();
  return row.id;
}
