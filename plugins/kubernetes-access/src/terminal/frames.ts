import {
  CHANNEL,
  MAX_CLIENT_FRAME_BYTES,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/** What is typed or pasted, as frames that the gateway accepts. A paste may need many. */
export function inputFrames(bytes: Uint8Array): Uint8Array[] {
  const room = MAX_CLIENT_FRAME_BYTES - 1;
  const frames: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += room) {
    frames.push(frame(CHANNEL.stdin, bytes.subarray(start, start + room)));
  }
  return frames;
}

/** The size of the screen, as Kubernetes writes it. */
export function resizeFrame(columns: number, rows: number): Uint8Array {
  const size = JSON.stringify({ Width: columns, Height: rows });
  return frame(CHANNEL.resize, new TextEncoder().encode(size));
}

/** The output in a frame from the gateway; nothing for channels that carry none. */
export function outputOf(data: Uint8Array): Uint8Array | undefined {
  return data[0] === CHANNEL.stdout || data[0] === CHANNEL.stderr
    ? data.subarray(1)
    : undefined;
}

function frame(channel: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(payload.length + 1);
  bytes[0] = channel;
  bytes.set(payload, 1);
  return bytes;
}
