import type { DatabaseService } from '@backstage/backend-plugin-api';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

const PACKAGE = '@kubernetes-access/backstage-plugin-kubernetes-access-backend';

/** Connects to the plugin's database and brings its tables up to date, unless the installation forbids that. */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const knex = await database.getClient();
  if (!database.migrations?.skip) {
    await migrate(knex);
  }
  return knex;
}

/** Brings the tables up to date. */
export async function migrate(knex: Knex): Promise<void> {
  await knex.migrate.latest({
    directory: resolvePackagePath(PACKAGE, 'migrations'),
  });
}
