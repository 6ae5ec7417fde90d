import { CastWriter } from './CastWriter';

/** A segment is closed at this size of output, or when it is time to store it, whatever comes first. */
const SEGMENT_MAX_BYTES = 256 * 1024;

/** Frames of one channel that follow each other this closely become one event: nobody sees the difference. */
const MERGE_WITHIN_MS = 5;

type Entry =
  | { kind: 'output'; atMs: number; frames: Buffer[] }
  | { kind: 'resize'; atMs: number; columns: number; rows: number }
  | { kind: 'marker'; atMs: number; label: string };

/**
 * Collects what happens until it makes a segment. Adding costs next to nothing; the text is made when the segment
 * is taken, all at once. Does no I/O.
 */
export class SegmentBuffer {
  readonly #writer: CastWriter;
  #entries: Entry[] = [];
  #bytes = 0;

  constructor(startedAtMs: number) {
    this.#writer = new CastWriter(startedAtMs);
  }

  /** Bytes of output that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  get isFull(): boolean {
    return this.#bytes >= SEGMENT_MAX_BYTES;
  }

  /** @param frame - the channel byte and the output */
  output(atMs: number, frame: Buffer): void {
    this.#bytes += frame.length - 1;
    const last = this.#entries[this.#entries.length - 1];
    if (
      last?.kind === 'output' &&
      last.frames[0][0] === frame[0] &&
      atMs - last.atMs < MERGE_WITHIN_MS
    ) {
      last.frames.push(frame);
      return;
    }
    this.#entries.push({ kind: 'output', atMs, frames: [frame] });
  }

  resize(atMs: number, columns: number, rows: number): void {
    this.#entries.push({ kind: 'resize', atMs, columns, rows });
  }

  marker(atMs: number, label: string): void {
    this.#entries.push({ kind: 'marker', atMs, label });
  }

  /** The text of everything since the last time: whole lines. */
  take(): string {
    const entries = this.#entries;
    this.#entries = [];
    this.#bytes = 0;
    return entries.map(entry => this.#write(entry)).join('');
  }

  /** The text of everything that is left, after which nothing more may be added. */
  finish(atMs: number): string {
    return this.take() + this.#writer.end(atMs);
  }

  #write(entry: Entry): string {
    switch (entry.kind) {
      case 'output':
        return this.#writer.output(
          entry.atMs,
          entry.frames[0][0],
          payloadOf(entry.frames),
        );
      case 'resize':
        return this.#writer.resize(entry.atMs, entry.columns, entry.rows);
      default:
        return this.#writer.marker(entry.atMs, entry.label);
    }
  }
}

function payloadOf(frames: Buffer[]): Buffer {
  return frames.length === 1
    ? frames[0].subarray(1)
    : Buffer.concat(frames.map(frame => frame.subarray(1)));
}
