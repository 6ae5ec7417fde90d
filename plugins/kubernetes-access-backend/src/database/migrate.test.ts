import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectSqlite } from '../testUtils/engines';
import { openDatabase } from './migrate';

describe('a SQLite database', () => {
  it('commits with one sync of the disk, and keeps what was committed when the power fails', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ka-database-'));
    const knex = connectSqlite(join(folder, 'test.sqlite'));
    try {
      await openDatabase({ getClient: async () => knex });
      expect(await knex.raw('pragma journal_mode')).toEqual([
        { journal_mode: 'wal' },
      ]);
      const full = 2;
      expect(await knex.raw('pragma synchronous')).toEqual([
        { synchronous: full },
      ]);
    } finally {
      await knex.destroy();
      await rm(folder, { recursive: true });
    }
  });
});
