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
import type { StoredDigest } from './judgeRecording';
import { judgeRecording, judgeSegment } from './judgeRecording';
import { PlaybackWriter } from './PlaybackWriter';
import type { Watch } from './Watches';

/** Decompresses in libuv's thread pool, not on the event loop. */
const decompress = promisify(gunzip);

/** More than any segment has: what is stored after many failures at once, in the worst encoding. */
const MAX_SEGMENT_BYTES = 64 * 1024 * 1024;

/** After so many rounds of nothing an empty line is sent: proxies end what is silent for a minute. */
const SILENT_ROUNDS = 30;

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
  /** The same, and then what is stored while the session goes on. */
  follow(watch: Watch): AsyncGenerator<string>;
}

/** A recording that is being given out. */
interface Playback {
  session: RecordedSession;
  check: RecordingCheck;
  vouched: VouchedRecording;
  writer: PlaybackWriter;
  /** What was read so far, in its order. */
  read: StoredDigest[];
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
    const stored: StoredDigest[] = [];
    for await (const segment of this.#store.scan(session.id)) {
      stored.push({
        sequence: segment.sequence,
        digest: digestOf(segment),
      });
    }
    const vouched = await this.#vouched(session);
    const check = judgeRecording({ session, stored, vouched });
    const playback = () => ({
      session,
      check,
      vouched,
      writer: new PlaybackWriter(session, check),
      read: [],
    });
    const last = stored.at(-1)?.sequence ?? -1;
    return {
      check,
      segments: stored.length,
      text: () => this.#text(playback(), last),
      follow: watch => this.#follow(playback(), watch),
    };
  }

  async *#text(playback: Playback, last: number): AsyncGenerator<string> {
    yield* this.#segments(playback, last);
    yield this.#rest(playback);
  }

  async *#follow(playback: Playback, watch: Watch): AsyncGenerator<string> {
    let silentRounds = 0;
    let state: 'open' | 'closed' | 'over' = 'open';
    while (state !== 'over') {
      for await (const text of this.#segments(playback)) {
        if (!(await watch.mayGoOn())) {
          return;
        }
        silentRounds = 0;
        yield text;
      }
      if (state === 'closed') {
        yield await this.#lastWords(playback);
        return;
      }
      yield playback.writer.headerAtLeast();
      silentRounds++;
      if (silentRounds === SILENT_ROUNDS) {
        silentRounds = 0;
        yield '\n';
      }
      state = await watch.nextRound();
    }
  }

  /** What is stored of it from where the playback is. */
  async *#segments(
    { session, vouched, writer, read }: Playback,
    last: number = Infinity,
  ): AsyncGenerator<string> {
    const before = read.at(-1)?.sequence ?? -1;
    for await (const segment of this.#store.scan(session.id, before)) {
      const { sequence } = segment;
      if (sequence > last) {
        break;
      }
      yield writer.missing(nextAfter(read), sequence - 1);
      const digest = digestOf(segment);
      read.push({ sequence, digest });
      const verdict = judgeSegment({ sequence, digest }, vouched);
      yield verdict === 'changed' || verdict === 'added'
        ? writer.leftOut(sequence)
        : writer.segment(sequence, await textOf(segment));
    }
  }

  #rest({ read, vouched, writer }: Playback): string {
    return (
      writer.missing(nextAfter(read), lastExpected(vouched)) +
      writer.headerAtLeast()
    );
  }

  /** What the audit trail says in the end of what was shown before it said anything. */
  async #lastWords({
    session,
    check,
    read,
    writer,
  }: Playback): Promise<string> {
    const { problems } = judgeRecording({
      session: { ...session, state: 'closed' },
      stored: read,
      vouched: await this.#vouched(session),
    });
    return problems
      .filter(problem => !check.problems.includes(problem))
      .map(problem => writer.found(problem))
      .join('');
  }

  async #vouched(session: RecordedSession): Promise<VouchedRecording> {
    return this.#archive.recording(session.requestId, session.id);
  }
}

function nextAfter(read: StoredDigest[]): number {
  return (read.at(-1)?.sequence ?? -1) + 1;
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
