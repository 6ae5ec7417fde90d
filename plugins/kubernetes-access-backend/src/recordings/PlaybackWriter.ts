import type { RecordingCheck } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { RECORDING_CHECK } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { RecordedSession } from './RecordingReader';

/** White on red: what is said here was never on the screen. */
const onScreen = (text: string) => `\r\n\u001b[0;97;41m ${text} \u001b[0m\r\n`;

/**
 * Writes a recording as it is given out: with a header that says what was found of it, and with a remark where a part
 * of it is not there. Each method returns the text to append. Does no I/O.
 */
export class PlaybackWriter {
  readonly #session: RecordedSession;
  readonly #check: RecordingCheck;
  #hasHeader = false;
  /** The time of the latest event, as it is written. */
  #at = 0;

  constructor(session: RecordedSession, check: RecordingCheck) {
    this.#session = session;
    this.#check = check;
  }

  /** @param text - whole lines; undefined when it cannot be read */
  segment(sequence: number, text: string | undefined): string {
    if (text === undefined) {
      return this.#remark(
        `Part ${sequence + 1} of this recording cannot be read.`,
      );
    }
    const header = headerIn(text);
    const events = header ? text.slice(text.indexOf('\n') + 1) : text;
    const written = this.#header(header) + events;
    this.#at = timeOfLast(events) ?? this.#at;
    return written;
  }

  leftOut(sequence: number): string {
    return this.#remark(
      `Part ${
        sequence + 1
      } of this recording is not what was recorded, and is left out here.`,
    );
  }

  /** Segments of which none is there; none when the last one comes before the first. */
  missing(first: number, last: number): string {
    if (last < first) {
      return '';
    }
    return this.#remark(
      first === last
        ? `Part ${first + 1} of this recording is missing here.`
        : `Parts ${first + 1} to ${
            last + 1
          } of this recording are missing here.`,
    );
  }

  /** What was found when the session had closed. */
  found(problem: string): string {
    return this.#remark(problem);
  }

  /** A recording of nothing has a header as well. */
  headerAtLeast(): string {
    return this.#header();
  }

  #remark(text: string): string {
    return [
      this.#header(),
      line([this.#at, 'm', text]),
      line([this.#at, 'o', onScreen(text)]),
    ].join('');
  }

  /** Once, before everything else. */
  #header(recorded: object = {}): string {
    if (this.#hasHeader) {
      return '';
    }
    this.#hasHeader = true;
    const { columns, rows, createdAt, openedAt = createdAt } = this.#session;
    return line({
      version: 2,
      width: columns,
      height: rows,
      timestamp: Math.floor(Date.parse(openedAt) / 1000),
      ...recorded,
      [RECORDING_CHECK]: this.#check,
    });
  }
}

function headerIn(text: string): object | undefined {
  if (!text.startsWith('{')) {
    return undefined;
  }
  try {
    return JSON.parse(text.slice(0, text.indexOf('\n')));
  } catch {
    return undefined;
  }
}

function timeOfLast(lines: string): number | undefined {
  const end = lines.trimEnd();
  const last = end.slice(end.lastIndexOf('\n') + 1);
  const [, time] = /^\[\s*(\d+(?:\.\d+)?)/.exec(last) ?? [];
  return time === undefined ? undefined : Number(time);
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
