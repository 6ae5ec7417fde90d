import { join } from 'node:path';
import Knex from 'knex';
import type { Knex as KnexType } from 'knex';

/**
 * Connects to the plugin's own database, as Backstage named it.
 *
 * @param config - `backend.database` of app-config
 */
export function connectPluginDatabase(
  config: Record<string, unknown>,
): KnexType {
  const { client, connection, prefix } = config as {
    client: string;
    connection: { directory?: string };
    prefix?: string;
  };
  return client === 'pg'
    ? Knex({
        client,
        connection: { ...connection, database: `${prefix}kubernetes-access` },
        pool: { min: 0, max: 2 },
      })
    : Knex({
        client,
        connection: {
          filename: join(
            connection.directory ?? '',
            'kubernetes-access.sqlite',
          ),
        },
        useNullAsDefault: true,
        pool: { min: 1, max: 1 },
      });
}
