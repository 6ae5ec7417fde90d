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
    await tuneSqlite(knex);
  }
  if (!database.migrations?.skip) {
    await migrate(knex);
  }
  return knex;
}

/** Each statement of SQLite holds up everything else in this process until it is done. */
async function tuneSqlite(knex: Knex): Promise<void> {
  await knex.raw(`pragma busy_timeout = ${BUSY_MS}`);
  // Commits with one sync of the disk, instead of several. Another process that has the file open can be in the way:
  // then it stays as it is until the next start.
  await knex.raw('pragma journal_mode = wal').catch(() => {});
  // What was committed stays so when the power fails. For a write-ahead log, that is not what SQLite does by itself.
  await knex.raw('pragma synchronous = full');
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
