import { join } from 'node:path';
import { nodeTransform, workspace } from './folders.mjs';
import { say, sayWhileWaiting } from './say.mjs';

const backend = join(workspace, 'packages', 'backend');

/** An API server may take up to a minute to let go of its watches. */
const GRACE_MS = 90_000;

/**
 * Starts the process that runs the demo's cluster and waits until its pods run and the chart is installed.
 * Returns what the back end needs to know of it.
 */
export async function startDemoCluster(children, node, { args, log }) {
  let ready;
  let failed;
  const facts = new Promise((resolve, reject) => {
    ready = resolve;
    failed = reject;
  });
  const onMessage = message => {
    if (message.type === 'log') say(`cluster: ${message.line}`);
    if (message.type === 'ready') ready(message.facts);
    if (message.type === 'failed')
      failed(
        new Error(`The cluster could not be made ready.\n${message.message}`),
      );
  };
  const main = join(backend, 'src', 'demoCluster', 'main.ts');
  const child = children.start(
    'the cluster',
    node,
    ['--require', nodeTransform, main, ...args],
    {
      cwd: backend,
      log,
      onMessage,
      graceMs: GRACE_MS,
    },
  );
  child.exited.then(() =>
    failed(
      new Error(`The process that runs the cluster ended; its log is ${log}.`),
    ),
  );
  return {
    facts: await sayWhileWaiting('the cluster', facts, 30_000),
    exited: child.exited,
    stop: child.stop,
  };
}
