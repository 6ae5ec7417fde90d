import {
  CHANNEL,
  MAX_IDENTITY_BYTES,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/** The largest terminal that anybody has; a larger one would only make the container allocate. */
const MAX_TERMINAL_SIZE = 2000;

/** A longer resize is none of ours. */
const MAX_RESIZE_BYTES = 256;

/** What a frame from a browser asks for. Everything that is not exactly one of these is a bad frame. */
export type ClientFrame =
  | { kind: 'input'; frame: Buffer }
  | { kind: 'resize'; columns: number; rows: number }
  | { kind: 'ack'; bytes: number }
  | { kind: 'identity'; token: string }
  | { kind: 'bad'; why: string };

/** Reads a frame that a browser sent. Never throws. */
export function readClientFrame(data: Buffer, isBinary: boolean): ClientFrame {
  if (!isBinary) {
    return readMessage(data);
  }
  switch (data[0]) {
    case CHANNEL.stdin:
      return { kind: 'input', frame: data };
    case CHANNEL.resize:
      return readResize(data.subarray(1));
    case undefined:
      return { kind: 'bad', why: 'an empty frame' };
    default:
      return {
        kind: 'bad',
        why: `channel ${data[0]}, which is not for browsers`,
      };
  }
}

/** A resize as Kubernetes wants it, made anew so that nothing of the browser's text gets through. */
export function resizeFrame(columns: number, rows: number): Buffer {
  const size = Buffer.from(JSON.stringify({ Width: columns, Height: rows }));
  return Buffer.concat([Buffer.of(CHANNEL.resize), size]);
}

export function isTerminalSize(value: unknown): value is number {
  return (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= 1 &&
    value <= MAX_TERMINAL_SIZE
  );
}

function readResize(payload: Buffer): ClientFrame {
  const size = parse(payload, MAX_RESIZE_BYTES);
  if (!isTerminalSize(size?.Width) || !isTerminalSize(size?.Height)) {
    return { kind: 'bad', why: 'a resize that is not a terminal size' };
  }
  return { kind: 'resize', columns: size.Width, rows: size.Height };
}

function readMessage(payload: Buffer): ClientFrame {
  const message = parse(payload, MAX_IDENTITY_BYTES);
  switch (message?.type) {
    case 'ack':
      return readAck(message.bytes);
    case 'identity':
      return readIdentity(message.token);
    default:
      return { kind: 'bad', why: 'a message that means nothing here' };
  }
}

function readAck(bytes: unknown): ClientFrame {
  return typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0
    ? { kind: 'ack', bytes }
    : { kind: 'bad', why: 'an acknowledgement of no number of bytes' };
}

function readIdentity(token: unknown): ClientFrame {
  return typeof token === 'string' && token !== ''
    ? { kind: 'identity', token }
    : { kind: 'bad', why: 'an identity without a token' };
}

function parse(
  payload: Buffer,
  maxBytes: number,
): Record<string, unknown> | undefined {
  if (payload.length > maxBytes) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'));
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
