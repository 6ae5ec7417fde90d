import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { connectSqlite } from '../engines';
import type { Place } from './findSecrets';

/** Where Backstage keeps the plugin's tables. */
export const DATABASE_FILE = 'kubernetes-access.sqlite';

/**
 * Everything that SQLite has in a folder: the bytes of each file, with what was deleted but not overwritten and what
 * waits in a journal, and what the recordings say when they are unpacked.
 */
export async function storedPlaces(folder: string): Promise<Place[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const places = await Promise.all(
    files
      .filter(file => file.isFile())
      .map(async ({ parentPath, name }): Promise<Place> => {
        const content = await readFile(join(parentPath, name));
        return { name: `the file ${name}`, content };
      }),
  );
  return [...places, await recordings(join(folder, DATABASE_FILE))];
}

async function recordings(file: string): Promise<Place> {
  const knex = connectSqlite(file);
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
