import type { Knex } from 'knex';
import { TABLES } from './tables';
import type { RecordingSegment, RecordingStore } from './types';

/** Segments that are in memory at once: each has up to 256 KB of output. */
const PAGE = 8;

interface SegmentRow {
  session_id: string;
  sequence: number;
  digest: string;
  data: Buffer;
}

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
    const rows = await this.#rows(sessionId);
    return rows.map(fromRow);
  }

  async *scan(
    sessionId: string,
    from: number = -1,
  ): AsyncGenerator<RecordingSegment> {
    let after = from;
    for (;;) {
      const rows = await this.#rows(sessionId)
        .where('sequence', '>', after)
        .limit(PAGE);
      yield* rows.map(fromRow);
      if (rows.length < PAGE) {
        return;
      }
      after = rows[rows.length - 1].sequence;
    }
  }

  #rows(sessionId: string): Knex.QueryBuilder<SegmentRow, SegmentRow[]> {
    return this.#knex<SegmentRow>(TABLES.recordingSegments)
      .where({ session_id: sessionId })
      .orderBy('sequence');
  }
}

function fromRow(row: SegmentRow): RecordingSegment {
  return {
    sessionId: row.session_id,
    sequence: row.sequence,
    digest: row.digest,
    data: row.data,
  };
}
