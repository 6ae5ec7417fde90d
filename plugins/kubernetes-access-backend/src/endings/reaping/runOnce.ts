import { CHANNEL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { WebSocket } from 'ws';
import type { Cancel, Clock } from '../../controller';
import { readExecStatus } from '../../sessions';

/** How long the rest of an answer may take once the command has ended. */
const LINGER_MS = 1_000;
const MAX_STATUS_BYTES = 16 * 1024;

/** What came of a command. */
export type RunResult =
  | { kind: 'ended'; output: Buffer; code: number | null; noShell: boolean }
  /** The stream broke before the command had ended. */
  | { kind: 'broken' }
  | { kind: 'too-long' }
  | { kind: 'too-late' };

/**
 * Writes `input` to the stdin of a command that was just started and collects what it prints. Bounded in time and
 * bytes, whatever the container does; the stream is closed in any case. Never rejects.
 */
export async function runOnce(
  socket: WebSocket,
  options: {
    input: string;
    maxBytes: number;
    timeoutMs: number;
    clock: Clock;
  },
): Promise<RunResult> {
  const { input, maxBytes, timeoutMs, clock } = options;
  const printed: Buffer[] = [];
  let size = 0;
  let status = Buffer.alloc(0);

  const ended = (): RunResult | undefined => {
    const outcome = readExecStatus(status, false);
    return (
      outcome && {
        kind: 'ended',
        output: Buffer.concat(printed),
        code: outcome.code,
        noShell: outcome.noShell,
      }
    );
  };

  return new Promise(resolve => {
    let cancelLinger: Cancel = () => {};
    let cancelDeadline: Cancel = () => {};
    const finish = (result: RunResult) => {
      cancelDeadline();
      cancelLinger();
      socket.removeAllListeners('message');
      socket.terminate();
      resolve(result);
    };
    cancelDeadline = clock.schedule(timeoutMs, () =>
      finish({ kind: 'too-late' }),
    );

    socket.on('error', () => {});
    socket.on('close', () => finish(ended() ?? { kind: 'broken' }));
    socket.on('message', (data: Buffer) => {
      const payload = data.subarray(1);
      size += payload.length;
      if (size > maxBytes + MAX_STATUS_BYTES) {
        finish({ kind: 'too-long' });
        return;
      }
      if (data[0] === CHANNEL.stdout) {
        printed.push(payload);
      }
      if (data[0] === CHANNEL.error) {
        status = Buffer.concat([status, payload]);
        cancelLinger();
        cancelLinger = clock.schedule(LINGER_MS, () => {
          const result = ended();
          if (result) {
            finish(result);
          }
        });
      }
    });
    if (socket.readyState !== socket.OPEN) {
      finish({ kind: 'broken' });
      return;
    }
    socket.send(Buffer.concat([Buffer.of(CHANNEL.stdin), Buffer.from(input)]));
    socket.resume();
  });
}
