import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { isPostgres } from './rawConnection';

/**
 * Keeps every other transaction that asks for the same name waiting until this one has ended, for rules over rows
 * that do not exist yet. SQLite has one connection, so there everything is in line anyway.
 *
 * Whoever takes more locks takes these first, then a request's row, and the row of an audit chain last.
 */
export async function inLine(
  trx: Knex.Transaction,
  name: string,
): Promise<void> {
  if (isPostgres(trx)) {
    await trx.raw('select pg_advisory_xact_lock(?)', [lockNumber(name)]);
  }
}

/** PostgreSQL's locks have numbers of 64 bits for names; two names with one number only wait for each other. */
export function lockNumber(name: string): string {
  const hash = createHash('sha256').update(`kubernetes-access ${name}`);
  return hash.digest().readBigInt64BE(0).toString();
}
