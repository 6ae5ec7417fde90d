import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { RecordingCheck } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AuditArchive, VouchedRecording } from '../audit';
import type {
  RecordingSegment,
  RecordingStore,
  StoredSession,
} from '../database/types';
import { judgeRecording, judgeSegment } from './judgeRecording';
import { PlaybackWriter } from './PlaybackWriter';

/** Decompresses in libuv's thread pool, not on the event loop. */
const decompress = promisify(gunzip);

/** More than any segment has: what is stored after many failures at once, in the worst encoding. */
const MAX_SEGMENT_BYTES = 64 * 1024 * 1024;

/** The session whose recording is read. */
export type RecordedSession = Pick<
  StoredSession,
  'id' | 'requestId' | 'state' | 'columns' | 'rows' | 'createdAt' | 'openedAt'
>;

/** A recording that was held against the audit trail. */
export interface CheckedRecording {
  check: RecordingCheck;
  segments: number;
  /** The asciicast, in pieces of whole lines; read from the store while they are taken. */
  text(): AsyncGenerator<string>;
}

/**
 * Reads recordings. Nothing is given out as recorded that the audit trail knows to be something else, and each gap says
 * so: in the header, and at its place. However long a recording is, no more than a few of its segments are in memory.
 */
export class RecordingReader {
  readonly #store: Pick<RecordingStore, 'scan'>;
  readonly #archive: Pick<AuditArchive, 'recording'>;

  constructor(options: {
    store: Pick<RecordingStore, 'scan'>;
    archive: Pick<AuditArchive, 'recording'>;
  }) {
    this.#store = options.store;
    this.#archive = options.archive;
  }

  async open(session: RecordedSession): Promise<CheckedRecording> {
    // Before the trail is read, so that it speaks of all that there is. What is stored later is not part of it.
    const stored: Array<{ sequence: number; digest: string }> = [];
    for await (const segment of this.#store.scan(session.id)) {
      stored.push({
        sequence: segment.sequence,
        digest: digestOf(segment),
      });
    }
    const vouched = await this.#archive.recording(
      session.requestId,
      session.id,
    );
    const check = judgeRecording({ session, stored, vouched });
    return {
      check,
      segments: stored.length,
      text: () => this.#text(session, check, vouched, stored.at(-1)?.sequence),
    };
  }

  async *#text(
    session: RecordedSession,
    check: RecordingCheck,
    vouched: VouchedRecording,
    last: number = -1,
  ): AsyncGenerator<string> {
    const writer = new PlaybackWriter(session, check);
    let next = 0;
    for await (const segment of this.#store.scan(session.id)) {
      if (segment.sequence > last) {
        break;
      }
      yield writer.missing(next, segment.sequence - 1);
      next = segment.sequence + 1;
      const verdict = judgeSegment(
        { sequence: segment.sequence, digest: digestOf(segment) },
        vouched,
      );
      yield verdict === 'changed' || verdict === 'added'
        ? writer.leftOut(segment.sequence)
        : writer.segment(segment.sequence, await textOf(segment));
    }
    yield writer.missing(next, lastExpected(vouched));
    yield writer.end();
  }
}

/** Never trusts the digest that stands beside the data. */
function digestOf({ data }: Pick<RecordingSegment, 'data'>): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Undefined for what cannot be read. */
async function textOf({
  data,
}: Pick<RecordingSegment, 'data'>): Promise<string | undefined> {
  try {
    const bytes = await decompress(data, {
      maxOutputLength: MAX_SEGMENT_BYTES,
    });
    return bytes.toString('utf8');
  } catch {
    return undefined;
  }
}

function lastExpected({ digests, total = 0 }: VouchedRecording): number {
  return Math.max(total - 1, ...digests.keys(), -1);
}
