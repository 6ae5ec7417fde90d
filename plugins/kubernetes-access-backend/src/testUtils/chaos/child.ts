/**
 * The plugin in a Backstage back end, as a process of its own that can be killed. Its parent (see ReplicaProcess.ts)
 * says how it is configured, and it ends with its parent.
 */
// First, so that nobody has taken hold of the machine's clock before.
import { shiftClock } from './shiftedClock';
import { startTestBackend } from '@backstage/backend-test-utils';
import { backendFeatures } from '../backendFeatures';
import type { FromReplica, ToReplica } from './messages';

function tell(message: FromReplica): void {
  process.send?.(message);
}

async function start(
  options: Extract<ToReplica, { kind: 'start' }>,
): Promise<void> {
  shiftClock(options.clockOffsetMs);
  const backend = await startTestBackend({
    features: backendFeatures({ ...options, logLevel: 'debug' }),
  });
  const stop = async () => {
    await backend.stop();
    process.exit(0);
  };
  process.on('SIGTERM', () => {
    stop().catch(error => {
      console.error('Stopping failed', error);
      process.exit(1);
    });
  });
  tell({ kind: 'listening', port: backend.server.port() });
}

process.on('message', (message: ToReplica) => {
  if (message.kind === 'clock') {
    shiftClock(message.offsetMs);
    return;
  }
  start(message).catch(error => {
    console.error('The start failed', error);
    tell({ kind: 'failed', message: String(error?.message ?? error) });
  });
});
process.on('disconnect', () => process.exit(0));
tell({ kind: 'loaded' });
