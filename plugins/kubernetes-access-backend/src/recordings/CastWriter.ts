import { StringDecoder } from 'node:string_decoder';

/** Output that waits for the first size; a terminal that has no size has not shown more than this. */
const MAX_WAITING_BYTES = 64 * 1024;

/**
 * Writes asciicast v2 (https://docs.asciinema.org/manual/asciicast/v2/): a line with the header, then a line for
 * each event: `o` output, `r` resize, `m` marker. Input is never written, so that what is typed with echo off is
 * nowhere.
 *
 * A player needs the size first. So the header waits for the first resize, and output waits for the header.
 * Each method returns the text to append, which is empty while something is waited for. Does no I/O.
 */
export class CastWriter {
  readonly #startedAtSeconds: number;
  readonly #decoders = new Map<number, StringDecoder>();
  #waiting: string[] | undefined = [];
  #waitingBytes = 0;

  /** @param startedAtMs - the wall clock at the beginning, epoch milliseconds */
  constructor(startedAtMs: number) {
    this.#startedAtSeconds = Math.floor(startedAtMs / 1000);
  }

  /** @param atMs - milliseconds since the beginning, as in all methods */
  resize(atMs: number, columns: number, rows: number): string {
    if (!this.#waiting) {
      return line([seconds(atMs), 'r', `${columns}x${rows}`]);
    }
    const header = line({
      version: 2,
      width: columns,
      height: rows,
      timestamp: this.#startedAtSeconds,
      env: { TERM: 'xterm-256color' },
    });
    const text = header + this.#waiting.join('');
    this.#waiting = undefined;
    return text;
  }

  /**
   * A character whose bytes are split over several calls comes with the last of them.
   *
   * @param channel - streams are decoded apart: one can be in the middle of a character when another one speaks
   */
  output(atMs: number, channel: number, bytes: Buffer): string {
    return this.#emit(atMs, this.#decoderOf(channel).write(bytes));
  }

  /** Says something about the recording at this point of it. */
  marker(atMs: number, label: string): string {
    return this.#waitOr(line([seconds(atMs), 'm', label]));
  }

  /** What is left of characters that were never finished. */
  end(atMs: number): string {
    const rest = [...this.#decoders.values()].map(decoder => decoder.end());
    return this.#emit(atMs, rest.join(''));
  }

  #decoderOf(channel: number): StringDecoder {
    let decoder = this.#decoders.get(channel);
    if (!decoder) {
      decoder = new StringDecoder('utf8');
      this.#decoders.set(channel, decoder);
    }
    return decoder;
  }

  #emit(atMs: number, text: string): string {
    return text ? this.#waitOr(line([seconds(atMs), 'o', text])) : '';
  }

  #waitOr(text: string): string {
    if (!this.#waiting) {
      return text;
    }
    if (this.#waitingBytes + text.length <= MAX_WAITING_BYTES) {
      this.#waitingBytes += text.length;
      this.#waiting.push(text);
    }
    return '';
  }
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

/** Microseconds are as fine as players go. */
function seconds(ms: number): number {
  return Math.max(0, Math.round(ms * 1000) / 1_000_000);
}
