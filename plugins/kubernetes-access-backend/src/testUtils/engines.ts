import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Knex from 'knex';
import type { Knex as KnexType } from 'knex';
import type { PostgresAddress } from './PostgresServer';
import { connectPostgres } from './PostgresServer';
import { sharedPostgres } from './sharedPostgres';

/** The databases that the plugin runs on. */
export type Engine = 'sqlite' | 'postgres';

/** For `describe.each`. */
export const ENGINES: Engine[] = ['sqlite', 'postgres'];

const ENGINE_VARIABLE = 'KUBERNETES_ACCESS_TEST_DATABASE';

/** The engine of tests that do not name one. */
export function defaultEngine(): Engine {
  const engine = process.env[ENGINE_VARIABLE] || 'sqlite';
  if (engine !== 'sqlite' && engine !== 'postgres') {
    throw new Error(
      `${ENGINE_VARIABLE} must be sqlite or postgres, not '${engine}'`,
    );
  }
  return engine;
}

/** An empty database for one test or one file of tests. */
export interface TestDatabase {
  engine: Engine;
  /** A pool of connections of its own, as every replica has one. Closed with the database if not before. */
  connect(): KnexType;
  /** `backend.database` in app-config, for whole back ends; all that are started with it are replicas of each other. */
  config: Record<string, unknown>;
  /** Removes it with everything that is in it. */
  close(): Promise<void>;
}

/** @param on - a server of one's own, for tests that stop it */
export async function createTestDatabase(
  engine: Engine = defaultEngine(),
  on?: PostgresAddress,
): Promise<TestDatabase> {
  return engine === 'postgres'
    ? createPostgresDatabase(on ?? (await sharedPostgres()))
    : createSqliteDatabase();
}

/** As Backstage does by default, with one connection. */
export function connectSqlite(file: string): KnexType {
  return Knex({
    client: 'better-sqlite3',
    connection: file,
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });
}

async function createSqliteDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'ka-sqlite-'));
  const connections: KnexType[] = [];
  return {
    engine: 'sqlite',
    connect: () => {
      const knex = connectSqlite(join(folder, 'test.sqlite'));
      connections.push(knex);
      return knex;
    },
    config: {
      client: 'better-sqlite3',
      connection: { directory: folder },
    },
    close: async () => {
      await Promise.all(connections.map(knex => knex.destroy()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function createPostgresDatabase(
  address: PostgresAddress,
): Promise<TestDatabase> {
  const name = `test_${randomUUID().replace(/-/g, '')}`;
  await asAdministrator(address, admin =>
    admin.raw('create database ??', [name]),
  );
  const connections: KnexType[] = [];
  return {
    engine: 'postgres',
    connect: () => {
      const knex = connectPostgres(address, name);
      connections.push(knex);
      return knex;
    },
    config: {
      client: 'pg',
      connection: { ...address },
      prefix: `${name}_`,
    },
    close: async () => {
      await Promise.all(connections.map(knex => knex.destroy()));
      await asAdministrator(address, admin => dropAll(admin, name));
    },
  };
}

/** The database, and those that Backstage made for the plugins of whole back ends. */
async function dropAll(admin: KnexType, prefix: string): Promise<void> {
  const { rows } = await admin.raw(
    'select datname from pg_database where starts_with(datname, ?)',
    [prefix],
  );
  for (const { datname } of rows) {
    // Where somebody is still connected it stays, until the server goes: throwing them out would make them complain.
    await admin.raw('drop database if exists ??', [datname]).catch(() => {});
  }
}

async function asAdministrator(
  address: PostgresAddress,
  action: (admin: KnexType) => Promise<unknown>,
): Promise<void> {
  const admin = connectPostgres(address, 'postgres', { min: 0, max: 1 });
  try {
    await action(admin);
  } finally {
    await admin.destroy();
  }
}
