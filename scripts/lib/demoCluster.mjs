import { join } from 'node:path';
import { nodeTransform, workspace } from './folders.mjs';
import { say } from './say.mjs';

const backend = join(workspace, 'packages', 'backend');

/** An API server may take up to a minute to let go of its watches. */
const GRACE_MS = 90_000;

/**
 * Starts the process that runs the demo's cluster. `reachable` resolves to what the back end needs to know of it,
 * `ready` when its pods run as well.
 */
export function startDemoCluster(children, node, { args, log }) {
  const reachable = deferred();
  const ready = deferred();
  const fail = message => {
    const error = new Error(message);
    reachable.reject(error);
    ready.reject(error);
  };
  const onMessage = message => {
    if (message.type === 'log') say(`cluster: ${message.line}`);
    if (message.type === 'reachable') reachable.resolve(message.facts);
    if (message.type === 'ready') ready.resolve();
    if (message.type === 'failed') {
      fail(`The cluster could not be made ready.\n${message.message}`);
    }
  };
  const main = join(backend, 'src', 'demoCluster', 'main.ts');
  const child = children.start(
    'the cluster',
    node,
    ['--require', nodeTransform, main, ...args],
    { cwd: backend, log, onMessage, graceMs: GRACE_MS },
  );
  child.exited.then(() =>
    fail(`The process that runs the cluster ended; its log is ${log}.`),
  );
  return {
    reachable: reachable.promise,
    ready: ready.promise,
    exited: child.exited,
    stop: child.stop,
  };
}

/** A promise with its handles; that it fails while nobody looks is not an event of its own. */
function deferred() {
  let resolve;
  let reject;
  const promise = new Promise((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
}
