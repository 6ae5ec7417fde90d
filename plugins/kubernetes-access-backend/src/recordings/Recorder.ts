import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { AuditTrail } from '../audit/types';
import type { Cancel, Clock } from '../controller/Clock';
import type { RecordingStore } from '../database/types';
import { DigestLog } from './DigestLog';
import { SEGMENT_MAX_AGE_MS, SegmentBuffer } from './SegmentBuffer';
import type { OutputTap, RecordingOutcome } from './types';

/** Compresses in libuv's thread pool, not on the event loop. */
const compress = promisify(gzip);

/** Terminal output compresses well at any level; a flood must not cost a core. */
const COMPRESSION = { level: 1 };

/** Output that may wait for the store. Above `high` it is left out of the recording until below `low`. */
const BACKLOG = { high: 16 * 1024 * 1024, low: 4 * 1024 * 1024 };

/** Text that is kept for another try while the store fails. Beyond that the recording is given up. */
const MAX_UNSTORED_CHARACTERS = 4 * 1024 * 1024;

export interface RecorderOptions {
  sessionId: string;
  requestId: string;
  store: RecordingStore;
  audit: Pick<AuditTrail, 'append'>;
  clock: Clock;
  logger: LoggerService;
  /** Bytes of output after which the recording stops, with a marker that says so. */
  maxBytes: number;
}

/**
 * Records what a terminal shows, in compressed segments.
 *
 * The session never waits for its recording. Where the store is too slow or fails, the session goes on and the
 * recording says that something is missing (`continue`, the only mode there is). The digest of each segment goes
 * into the audit trail.
 */
export class Recorder implements OutputTap {
  readonly #options: RecorderOptions;
  readonly #clock: Clock;
  readonly #buffer: SegmentBuffer;
  readonly #digests: DigestLog;
  readonly #startedAt: number;
  #bytes = 0;
  #backlog = 0;
  #sequence = 0;
  #unstored = '';
  #failureLogged = false;
  #leftOut = 0;
  #stopped = false;
  #complete = true;
  #cancelFlush: Cancel | undefined;
  /** Segments are stored one after the other, so that there is no later one without those before it. */
  #tail: Promise<void> = Promise.resolve();

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#buffer = new SegmentBuffer(options.clock.now());
    this.#digests = new DigestLog(options);
    this.#startedAt = options.clock.monotonic();
  }

  /** How many segments are stored. */
  get segments(): number {
    return this.#sequence;
  }

  output(frame: Buffer): void {
    if (this.#stopped) {
      return;
    }
    const size = frame.length - 1;
    if (this.#bytes + size > this.#options.maxBytes) {
      this.#stop(
        `The recording stops here: it may have ${
          this.#options.maxBytes
        } bytes.`,
      );
      return;
    }
    if (!this.#hasRoom()) {
      this.#leftOut += size;
      this.#complete = false;
      return;
    }
    this.#admitGap();
    this.#bytes += size;
    this.#buffer.output(this.#elapsed(), frame);
    this.#scheduleFlush();
  }

  resize(columns: number, rows: number): void {
    if (this.#stopped) {
      return;
    }
    this.#buffer.resize(this.#elapsed(), columns, rows);
    this.#scheduleFlush();
  }

  /** Stores what is left. Never rejects. */
  async end(): Promise<RecordingOutcome> {
    if (!this.#stopped) {
      this.#admitGap();
      this.#stopped = true;
      this.#cancelFlush?.();
      this.#enqueue(this.#buffer.bytes, this.#buffer.finish(this.#elapsed()));
    }
    this.#enqueue(0, '');
    await this.#tail;
    await this.#digests.end();
    return {
      segments: this.#sequence,
      bytes: this.#bytes,
      complete: this.#complete && !this.#unstored,
    };
  }

  #elapsed(): number {
    return this.#clock.monotonic() - this.#startedAt;
  }

  #hasRoom(): boolean {
    const limit = this.#leftOut > 0 ? BACKLOG.low : BACKLOG.high;
    return this.#backlog + this.#buffer.bytes <= limit;
  }

  #admitGap(): void {
    if (this.#leftOut > 0) {
      this.#buffer.marker(
        this.#elapsed(),
        `${this.#leftOut} bytes are missing here: the store was too slow.`,
      );
      this.#leftOut = 0;
    }
  }

  #stop(why: string): void {
    this.#complete = false;
    this.#stopped = true;
    this.#cancelFlush?.();
    this.#buffer.marker(this.#elapsed(), why);
    this.#enqueue(this.#buffer.bytes, this.#buffer.finish(this.#elapsed()));
  }

  #scheduleFlush(): void {
    if (this.#buffer.isFull) {
      this.#flush();
      return;
    }
    this.#cancelFlush ??= this.#clock.schedule(SEGMENT_MAX_AGE_MS, () =>
      this.#flush(),
    );
  }

  #flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    this.#enqueue(this.#buffer.bytes, this.#buffer.take());
  }

  #enqueue(bytes: number, text: string): void {
    this.#backlog += bytes;
    this.#tail = this.#tail
      .then(() => this.#store(text))
      .catch(error => this.#admitFailure(error))
      .finally(() => {
        this.#backlog -= bytes;
      });
  }

  /** A segment that could not be stored is stored with the next one. */
  async #store(text: string): Promise<void> {
    const whole = this.#unstored + text;
    if (!whole) {
      return;
    }
    this.#unstored = whole;
    const data = await compress(Buffer.from(whole), COMPRESSION);
    const digest = createHash('sha256').update(data).digest('hex');
    const { sessionId, store } = this.#options;
    await store.append({ sessionId, sequence: this.#sequence, data, digest });
    this.#unstored = '';
    this.#digests.add(this.#sequence, digest);
    this.#sequence += 1;
  }

  #admitFailure(error: unknown): void {
    if (!this.#failureLogged) {
      this.#failureLogged = true;
      this.#options.logger.error(
        `A part of the recording of session ${
          this.#options.sessionId
        } could not be stored. ` +
          `The session goes on, and so do the tries: ${error}`,
      );
    }
    if (this.#unstored.length > MAX_UNSTORED_CHARACTERS) {
      this.#unstored = '';
      this.#complete = false;
      this.#stopped = true;
      this.#cancelFlush?.();
    }
  }
}
