import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RecordingStore } from '../database/types';

/** Compresses in libuv's thread pool, not on the event loop. */
const compress = promisify(gzip);

/** Terminal output compresses well at any level; a flood must not cost a core. */
const COMPRESSION = { level: 1 };

/** A write has no more parts than any database takes in one statement. */
const WRITE_MAX_SEGMENTS = 64;

/** A closed segment that waits for the store. */
interface WaitingSegment {
  data: Buffer;
  digest: string;
  /** Of output. */
  bytes: number;
}

export interface SegmentQueueOptions {
  sessionId: string;
  store: Pick<RecordingStore, 'append'>;
  onStored: (sequence: number, digest: string) => void;
  /** Called for each step that fails. */
  onError: (error: unknown) => void;
}

/**
 * Compresses segments as they are closed, and stores several of them in one transaction: with SQLite, each one holds
 * up the whole process. They are stored in their order, so that there is no later one without those before it; what
 * could not be stored is stored with what comes next.
 */
export class SegmentQueue {
  readonly #options: SegmentQueueOptions;
  readonly #waiting: WaitingSegment[] = [];
  #bytes = 0;
  #stored = 0;
  #lost = false;
  #tail: Promise<void> = Promise.resolve();

  constructor(options: SegmentQueueOptions) {
    this.#options = options;
  }

  /** Bytes of output that are not stored yet. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many segments are stored. */
  get stored(): number {
    return this.#stored;
  }

  /** Everything that was added is stored. */
  get isWhole(): boolean {
    return !this.#lost && this.#waiting.length === 0;
  }

  /**
   * @param text - whole lines
   * @param bytes - how much output is in them
   */
  add(text: string, bytes: number): void {
    if (!text) {
      return;
    }
    this.#bytes += bytes;
    this.#then(() => this.#compress(text, bytes));
  }

  /** Stores what was added. */
  flush(): void {
    this.#then(() => this.#store());
  }

  /** Resolves when all that was asked for was done or has failed. */
  async settled(): Promise<void> {
    await this.#tail;
  }

  #then(step: () => Promise<void>): void {
    this.#tail = this.#tail.then(step).catch(this.#options.onError);
  }

  async #compress(text: string, bytes: number): Promise<void> {
    try {
      const data = await compress(Buffer.from(text), COMPRESSION);
      const digest = createHash('sha256').update(data).digest('hex');
      this.#waiting.push({ data, digest, bytes });
    } catch (error) {
      this.#lost = true;
      this.#bytes -= bytes;
      throw error;
    }
  }

  async #store(): Promise<void> {
    while (this.#waiting.length > 0) {
      const segments = this.#waiting.slice(0, WRITE_MAX_SEGMENTS);
      await this.#write(segments);
      this.#waiting.splice(0, segments.length);
      for (const { digest, bytes } of segments) {
        this.#options.onStored(this.#stored, digest);
        this.#stored += 1;
        this.#bytes -= bytes;
      }
    }
  }

  async #write(segments: readonly WaitingSegment[]): Promise<void> {
    const { sessionId, store } = this.#options;
    const first = this.#stored;
    await store.append(
      ...segments.map(({ data, digest }, index) => ({
        sessionId,
        sequence: first + index,
        data,
        digest,
      })),
    );
  }
}
