import type { Knex } from 'knex';
import { TABLES } from './tables';
import type { RecordingSegment, RecordingStore } from './types';

/** Keeps recordings in the plugin's database. */
export class DatabaseRecordingStore implements RecordingStore {
  readonly #knex: Knex;

  constructor(options: { knex: Knex }) {
    this.#knex = options.knex;
  }

  async append(...segments: RecordingSegment[]): Promise<void> {
    await this.#knex(TABLES.recordingSegments).insert(
      segments.map(({ sessionId, sequence, digest, data }) => ({
        session_id: sessionId,
        sequence,
        digest,
        data,
      })),
    );
  }

  async read(sessionId: string): Promise<RecordingSegment[]> {
    const rows = await this.#knex(TABLES.recordingSegments)
      .where({ session_id: sessionId })
      .orderBy('sequence');
    return rows.map(row => ({
      sessionId: row.session_id,
      sequence: row.sequence,
      digest: row.digest,
      data: row.data,
    }));
  }
}
