import { CHANNEL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import WebSocket from 'ws';
import type { Terminal } from './Terminal';

/** A WebSocket with Kubernetes' channel bytes as a terminal. */
export function terminalOver(
  socket: WebSocket,
  onStdout: (bytes: number) => void = () => {},
): Terminal {
  // What comes before anybody listens, such as a prompt right behind the upgrade, is kept.
  let early: Buffer[] | undefined = [];
  let listener = (bytes: Buffer) => {
    early?.push(bytes);
  };
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary && data[0] === CHANNEL.stdout && data.length > 1) {
      onStdout(data.length - 1);
      listener(data.subarray(1));
    }
  });
  const closed = new Promise<void>(resolve => {
    socket.once('close', () => resolve());
  });
  return {
    type: bytes =>
      socket.send(Buffer.concat([Buffer.from([CHANNEL.stdin]), bytes])),
    onOutput: next => {
      listener = next;
      early?.forEach(next);
      early = undefined;
    },
    closed,
    close: () => socket.terminate(),
  };
}

/** Resolves when the WebSocket is open. */
export async function untilOpen(socket: WebSocket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  // From now on the close tells what matters.
  socket.on('error', () => {});
}
