import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PostgresAddress } from './PostgresServer';
import { PostgresServer } from './PostgresServer';

/**
 * Jest loads modules anew for each file of tests, so that the server of a process is found by its folder, whose name
 * has the process's id and birth, since ids come again.
 */
const PREFIX = `ka-postgres-${process.pid}-${Math.round(
  performance.timeOrigin,
)}-`;
const NOTE = 'address.json';

let starting: Promise<PostgresAddress> | undefined;

/** The server that all tests of this process share; started by the first that asks, ended with the process. */
export async function sharedPostgres(): Promise<PostgresAddress> {
  starting ??= find();
  return starting;
}

async function find(): Promise<PostgresAddress> {
  const note = readdirSync(tmpdir())
    .filter(name => name.startsWith(PREFIX))
    .map(name => join(tmpdir(), name, NOTE))
    .find(file => existsSync(file));
  if (note) {
    return JSON.parse(readFileSync(note, 'utf8'));
  }
  const { address, folder } = await PostgresServer.start(PREFIX);
  writeFileSync(join(folder, NOTE), JSON.stringify(address), { mode: 0o600 });
  return address;
}
