import type { DatabaseService } from '@backstage/backend-plugin-api';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import { lockNumber } from './inLine';
import { isPostgres, openRawConnection } from './rawConnection';

/** How long SQLite waits for a lock of another process. */
const BUSY_MS = 200;
const PACKAGE = '@kubernetes-access/backstage-plugin-kubernetes-access-backend';

/** Connects to the plugin's database and brings its tables up to date, unless the installation forbids that. */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const knex = await database.getClient();
  if (!isPostgres(knex)) {
    // While it waits for another process, it holds up everything else in this one.
    await knex.raw(`pragma busy_timeout = ${BUSY_MS}`);
  }
  if (!database.migrations?.skip) {
    await migrate(knex);
  }
  return knex;
}

/** Brings the tables up to date. */
export async function migrate(knex: Knex): Promise<void> {
  await oneAtATime(knex, () =>
    knex.migrate.latest({
      directory: resolvePackagePath(PACKAGE, 'migrations'),
    }),
  );
}

/** Of replicas that start together, all but one would fail: knex waits for nobody. */
async function oneAtATime(
  knex: Knex,
  action: () => Promise<unknown>,
): Promise<void> {
  if (!isPostgres(knex)) {
    await action();
    return;
  }
  const connection = await openRawConnection(knex);
  try {
    // Held until the connection ends, also if we do not come to end it.
    await connection.query('select pg_advisory_lock($1)', [
      lockNumber('migrations'),
    ]);
    await action();
  } finally {
    await connection.end();
  }
}
