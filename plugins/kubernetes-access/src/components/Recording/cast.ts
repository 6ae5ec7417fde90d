import type { RecordingCheck } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { RECORDING_CHECK } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/** `o` output, `r` a new size, `m` a remark of the back end. */
export type CastEvent = [seconds: number, kind: 'o' | 'r' | 'm', data: string];

/** What the first line says. */
export interface CastHeader {
  columns: number;
  rows: number;
  /** Missing in a file that comes from somewhere else. */
  check?: RecordingCheck;
}

/** A recording as it can be played. */
export interface Cast extends CastHeader {
  events: CastEvent[];
  /** Something was on the screen. */
  hasOutput: boolean;
  /** What the back end remarked within the recording. */
  remarks: string[];
}

/** More than any screen has; a player would reserve room for it. */
const MAX_SIZE = 1_000;

/**
 * Reads an asciicast (v2) line by line. Nothing but what a player needs gets through, and in the form in which it needs
 * it: what was recorded comes from a shell, and who was in it may have wished to reach whoever looks at it.
 */
export class CastReader {
  /** Known after the first line. */
  header: CastHeader | undefined;
  #last = 0;

  /**
   * @returns undefined for the header, and for what cannot be played
   * @throws Error when it is no asciicast
   */
  read(line: string): CastEvent | undefined {
    if (!this.header) {
      this.header = readHeader(line);
      return undefined;
    }
    const event = readEvent(line, this.#last);
    this.#last = event?.[0] ?? this.#last;
    return event;
  }
}

/**
 * Reads all of an asciicast.
 *
 * @throws Error when it is no asciicast
 */
export async function readCast(lines: AsyncIterable<string>): Promise<Cast> {
  const reader = new CastReader();
  const events: CastEvent[] = [];
  for await (const line of lines) {
    const event = reader.read(line);
    if (event) {
      events.push(event);
    }
  }
  if (!reader.header) {
    throw new Error('There is no recording in the answer');
  }
  return {
    ...reader.header,
    events,
    hasOutput: events.some(([, kind]) => kind === 'o'),
    remarks: events.flatMap(([, kind, text]) => (kind === 'm' ? [text] : [])),
  };
}

function readHeader(line: string): CastHeader {
  const header = parse(line) as Record<string, unknown> | undefined;
  if (header?.version !== 2) {
    throw new Error('The answer is not a recording that can be played');
  }
  return {
    columns: sizeOf(header.width, 80),
    rows: sizeOf(header.height, 24),
    check: header[RECORDING_CHECK] as RecordingCheck | undefined,
  };
}

/** Undefined for what cannot be played. Time never goes back. */
function readEvent(line: string, last: number): CastEvent | undefined {
  const event = parse(line);
  if (!Array.isArray(event)) {
    return undefined;
  }
  const [at, kind, data] = event;
  if (typeof at !== 'number' || typeof data !== 'string') {
    return undefined;
  }
  const seconds = Math.max(last, at);
  switch (kind) {
    case 'o':
    case 'm':
      return [seconds, kind, data];
    case 'r': {
      const [, columns, rows] = /^(\d{1,5})x(\d{1,5})$/.exec(data) ?? [];
      return columns
        ? [seconds, 'r', `${sizeOf(+columns, 80)}x${sizeOf(+rows, 24)}`]
        : undefined;
    }
    default:
      return undefined;
  }
}

function sizeOf(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0
    ? Math.min(value, MAX_SIZE)
    : fallback;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
