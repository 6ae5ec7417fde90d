import type { Knex } from 'knex';

/** What we use of a PostgreSQL connection that no pool has. */
export interface RawConnection {
  query(sql: string, values?: unknown[]): Promise<unknown>;
  on(
    event: 'notification',
    listener: (message: { channel: string; payload?: string }) => void,
  ): void;
  on(event: 'error' | 'end', listener: () => void): void;
  end(): Promise<void>;
}

export function isPostgres(knex: Pick<Knex, 'client'>): boolean {
  return knex.client.config.client === 'pg';
}

/**
 * Opens a connection with the settings of `knex` and outside of its pool, for what lasts longer than a query or a
 * transaction. PostgreSQL only.
 */
export async function openRawConnection(knex: Knex): Promise<RawConnection> {
  // Settings that come from a function are known once the pool has asked for them.
  await knex.raw('select 1');
  return knex.client.acquireRawConnection();
}
