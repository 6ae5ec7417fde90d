import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildApp } from './appBuild.mjs';
import { tail } from './Children.mjs';
import { startDemoCluster } from './demoCluster.mjs';
import { writeDemoConfig } from './demoConfig.mjs';
import { untilUsable } from './demoReady.mjs';
import { nodeTransform, workspace } from './folders.mjs';
import { freePort } from './freePort.mjs';
import { say, sayWhileWaiting } from './say.mjs';

const backend = join(workspace, 'packages', 'backend');
const endWithParent = fileURLToPath(
  new URL('endWithParent.cjs', import.meta.url),
);

/**
 * Starts the demo: cluster and app side by side, then the back end that needs both. Returns when it can be used.
 *
 * `state` is where it lives, `port` the wanted one, `configs` more app-config files that win over ours, and
 * `cluster` the arguments for the cluster, or nothing for a demo without one.
 */
export async function startDemo(children, node, options) {
  const { state, port, configs = [], cluster } = options;
  const running =
    cluster &&
    startDemoCluster(children, node, {
      args: cluster,
      log: state.log('cluster'),
    });
  const [facts] = await Promise.all([
    running && sayWhileWaiting('the cluster', running.reachable, 30_000),
    buildApp(children, node, state.log('app-build')),
  ]);
  const usedPort = await freePort(port);
  if (port && usedPort !== port) {
    say(`Port ${port} is taken, using ${usedPort}`);
  }
  const url = writeDemoConfig(state.config, {
    port: usedPort,
    databaseFolder: state.databaseFolder,
    auditKeyFile: state.auditKeyFile,
    cluster: facts,
  });
  const [{ ended, pid }] = await Promise.all([
    startBackend(children, node, { state, url, configs }),
    running && sayWhileWaiting('the pods', running.ready),
  ]);
  state.url = url;
  return {
    url,
    cluster: facts,
    backendPid: pid,
    /** What of it ended by itself: its name and its log. */
    ended: Promise.race([
      ended.then(() => ({ name: 'back end', log: state.log('backend') })),
      ...(running
        ? [
            running.exited.then(() => ({
              name: 'cluster',
              log: state.log('cluster'),
            })),
          ]
        : []),
    ]),
  };
}

async function startBackend(children, node, { state, url, configs }) {
  say('Starting the back end');
  const log = state.log('backend');
  const configArgs = [
    join(workspace, 'app-config.yaml'),
    state.config,
    ...configs,
  ].flatMap(file => ['--config', file]);
  const child = children.start(
    'the back end',
    node,
    [
      '--require',
      endWithParent,
      '--require',
      nodeTransform,
      join(backend, 'src', 'index.ts'),
      ...configArgs,
    ],
    {
      cwd: backend,
      log,
      env: { NODE_ENV: 'development' },
      onMessage: () => {},
    },
  );
  let hasEnded = false;
  const ended = child.exited.then(() => {
    hasEnded = true;
  });
  try {
    const usable = untilUsable(url, { hasEnded: () => hasEnded });
    await sayWhileWaiting('people, entities and a sign-in that works', usable);
  } catch (error) {
    throw new Error(
      `${error.message} Its log is ${log}; the end of it:\n${tail(log)}`,
    );
  }
  // Not the promise itself: whoever awaits us would await the end of the back end.
  return { ended, pid: child.pid };
}
