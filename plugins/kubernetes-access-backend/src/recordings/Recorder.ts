import type { LoggerService } from '@backstage/backend-plugin-api';
import type { AuditTrail } from '../audit/types';
import type { Cancel, Clock } from '../controller/Clock';
import type { RecordingStore } from '../database/types';
import { DigestLog } from './DigestLog';
import { SegmentBuffer } from './SegmentBuffer';
import { SegmentQueue } from './SegmentQueue';
import type { OutputTap, RecordingOutcome } from './types';

/** How long output may wait to be stored: what may be lost when the process dies. */
const STORE_WITHIN_MS = 1_000;

/** Output that is stored before its time is over. */
const STORE_MAX_BYTES = 4 * 1024 * 1024;

/** Output that may wait for the store. Above `high` it is left out of the recording until below `low`. */
const BACKLOG = { high: 16 * 1024 * 1024, low: 4 * 1024 * 1024 };

export interface RecorderOptions {
  sessionId: string;
  requestId: string;
  store: Pick<RecordingStore, 'append'>;
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
  readonly #queue: SegmentQueue;
  readonly #digests: DigestLog;
  readonly #startedAt: number;
  #bytes = 0;
  /** Since the last write was asked for. */
  #unwritten = 0;
  #leftOut = 0;
  #failureLogged = false;
  #stopped = false;
  #complete = true;
  #cancelFlush: Cancel | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#buffer = new SegmentBuffer(options.clock.now());
    this.#digests = new DigestLog(options);
    this.#queue = new SegmentQueue({
      sessionId: options.sessionId,
      store: options.store,
      onStored: (sequence, digest) => this.#digests.add(sequence, digest),
      onError: error => this.#admitFailure(error),
    });
    this.#startedAt = options.clock.monotonic();
  }

  /** How many segments are stored. */
  get segments(): number {
    return this.#queue.stored;
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
    if (this.#hasRoom()) {
      this.#admitGap();
      this.#bytes += size;
      this.#unwritten += size;
      this.#buffer.output(this.#elapsed(), frame);
    } else {
      this.#leftOut += size;
      this.#complete = false;
    }
    this.#flushInTime();
  }

  resize(columns: number, rows: number): void {
    if (this.#stopped) {
      return;
    }
    this.#buffer.resize(this.#elapsed(), columns, rows);
    this.#flushInTime();
  }

  /** Stores what is left. Never rejects. */
  async end(): Promise<RecordingOutcome> {
    if (!this.#stopped) {
      this.#admitGap();
      this.#finish();
    }
    this.#queue.flush();
    await this.#queue.settled();
    await this.#digests.end();
    return {
      segments: this.#queue.stored,
      bytes: this.#bytes,
      complete: this.#complete && this.#queue.isWhole,
    };
  }

  #elapsed(): number {
    return this.#clock.monotonic() - this.#startedAt;
  }

  #hasRoom(): boolean {
    const limit = this.#leftOut > 0 ? BACKLOG.low : BACKLOG.high;
    return this.#queue.bytes + this.#buffer.bytes <= limit;
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
    this.#buffer.marker(this.#elapsed(), why);
    this.#finish();
    this.#queue.flush();
  }

  #finish(): void {
    this.#stopped = true;
    this.#cancelFlush?.();
    const { bytes } = this.#buffer;
    this.#queue.add(this.#buffer.finish(this.#elapsed()), bytes);
  }

  #flushInTime(): void {
    if (this.#buffer.isFull) {
      this.#closeSegment();
    }
    if (this.#unwritten >= STORE_MAX_BYTES) {
      this.#flush();
      return;
    }
    this.#cancelFlush ??= this.#clock.schedule(STORE_WITHIN_MS, () =>
      this.#flush(),
    );
  }

  #flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    this.#unwritten = 0;
    this.#closeSegment();
    this.#queue.flush();
  }

  #closeSegment(): void {
    const { bytes } = this.#buffer;
    this.#queue.add(this.#buffer.take(), bytes);
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
  }
}
