import { startCluster, stopCluster } from '@kubernetes-access/dev-cluster';
import { DemoClusterMessage } from './messages';
import { readOptions } from './options';
import { prepareCluster } from './prepareCluster';

/**
 * A process of its own for the cluster of the demo: it starts and prepares the cluster, tells its parent how to reach
 * it and stops it when it is told to end or when its parent is gone.
 */
async function main(): Promise<void> {
  const { cluster: options, keep } = readOptions(process.argv.slice(2));
  const log = (line: string) => tell({ type: 'log', line });

  // A start that is broken off is cleaned up as well; `stopCluster` takes back what there is.
  const stop = once(async () => {
    if (!keep) await stopCluster(options.name, log);
    process.exit();
  });
  const stopOrFail = () => {
    stop().catch(fail);
  };
  process.on('SIGTERM', stopOrFail);
  process.on('disconnect', stopOrFail);

  const cluster = await startCluster({ ...options, log });
  await prepareCluster(cluster, log, facts =>
    tell({ type: 'reachable', facts }),
  );
  tell({ type: 'ready' });
}

function tell(message: DemoClusterMessage): void {
  if (process.connected) process.send?.(message);
}

function fail(error: Error): void {
  tell({ type: 'failed', message: error.message });
  console.error(error);
  process.exitCode = 1;
  process.disconnect?.();
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= action();
    return done;
  };
}

main().catch(fail);
