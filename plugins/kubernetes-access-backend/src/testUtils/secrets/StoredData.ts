import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Knex } from 'knex';
import type { Engine, TestDatabase } from '../engines';
import { connectSqlite, createTestDatabase } from '../engines';
import type { PostgresAddress } from '../PostgresServer';
import { connectPostgres } from '../PostgresServer';
import type { Place } from './findSecrets';

/** How Backstage calls the plugin's database. */
const NAME = 'kubernetes-access';

/** A database of a whole back end of which everything that is stored can be looked at. */
export interface StoredData {
  database: TestDatabase;
  /** The plugin's own database. */
  connect(): Knex;
  /** Everything that is in it, and what the recordings say when they are unpacked. */
  places(): Promise<Place[]>;
}

export async function storedDataOf(engine: Engine): Promise<StoredData> {
  return engine === 'postgres' ? onPostgres() : onSqlite();
}

/** The bytes of each file: with what was deleted but not overwritten, and what waits in a journal. */
async function onSqlite(): Promise<StoredData> {
  const folder = await mkdtemp(join(tmpdir(), 'ka-secrets-'));
  const connect = () => connectSqlite(join(folder, `${NAME}.sqlite`));
  return {
    connect,
    database: {
      engine: 'sqlite',
      connect,
      config: { client: 'better-sqlite3', connection: { directory: folder } },
      close: () => rm(folder, { recursive: true, force: true }),
    },
    places: async () => {
      const files = await readdir(folder, { withFileTypes: true });
      return [
        ...(await Promise.all(
          files
            .filter(file => file.isFile())
            .map(async ({ name }) => ({
              name: 'the database',
              content: await readFile(join(folder, name)),
            })),
        )),
        await recordings(connect()),
      ];
    },
  };
}

/** Every row of every table. */
async function onPostgres(): Promise<StoredData> {
  const database = await createTestDatabase('postgres');
  const { connection, prefix } = database.config as {
    connection: PostgresAddress;
    prefix: string;
  };
  const connect = () => connectPostgres(connection, `${prefix}${NAME}`);
  return {
    connect,
    database,
    places: async () => {
      const knex = connect();
      const { rows: tables } = await knex.raw(
        "select tablename from pg_tables where schemaname = 'public'",
      );
      const places: Place[] = [];
      for (const { tablename } of tables) {
        const rows = await knex(tablename);
        places.push({ name: 'the database', content: JSON.stringify(rows) });
      }
      await knex.destroy();
      return [...places, await recordings(connect())];
    },
  };
}

async function recordings(knex: Knex): Promise<Place> {
  try {
    const segments = await knex('recording_segments').orderBy([
      'session_id',
      'sequence',
    ]);
    const content = segments
      .map(({ data }) => gunzipSync(data).toString('utf8'))
      .join('');
    return { name: 'the recordings', content };
  } finally {
    await knex.destroy();
  }
}
