import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { tail } from './lib/Children.mjs';
import { startDemo } from './lib/demo.mjs';
import { DemoState } from './lib/DemoState.mjs';
import { prepareWorkspace } from './lib/prepareWorkspace.mjs';
import { runUntilStopped } from './lib/runUntilStopped.mjs';
import { say } from './lib/say.mjs';

const USAGE = `npm start [-- options]

Starts the demo: a Kubernetes on this machine, its workloads, and a Backstage with Kubernetes Access in front of it.

  --port <number>        where Backstage listens (7007, or a free one where that is taken)
  --no-cluster           without Kubernetes: the back end starts all the same
  --context <name>       use a cluster of your own, with this context of your kubeconfig
  --kubeconfig <file>    … from this file
  --image <image>        … with this image, which has a shell, for its workloads
  --keep                 keep the database of the last run
  --config <file>        one more app-config file, which wins over the demo's (may be repeated)
  --cluster-name <name>  the name of the built-in cluster and of the demo's state (demo)
  --use-running-cluster  use the built-in cluster of that name, which runs already, and leave it running
  --ready-file <file>    write {url, cluster} as JSON to this file when the demo can be used
`;

const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    port: { type: 'string', default: '7007' },
    'no-cluster': { type: 'boolean', default: false },
    context: { type: 'string' },
    kubeconfig: { type: 'string' },
    image: { type: 'string' },
    keep: { type: 'boolean', default: false },
    config: { type: 'string', multiple: true, default: [] },
    'cluster-name': { type: 'string', default: 'demo' },
    'use-running-cluster': { type: 'boolean', default: false },
    'ready-file': { type: 'string' },
  },
});

if (options.help) {
  console.log(USAGE);
} else {
  await runUntilStopped(main);
}

async function main(children) {
  const state = new DemoState(options['cluster-name']);
  await state.claim({ keep: options.keep });
  // Whoever waits for it must not find that of an earlier run.
  if (options['ready-file']) rmSync(options['ready-file'], { force: true });
  const node = await prepareWorkspace(children);
  const demo = await startDemo(children, node, {
    state,
    port: Number(options.port),
    configs: options.config.map(file => resolve(file)),
    cluster: options['no-cluster'] ? undefined : clusterArguments(),
  });
  if (options['ready-file']) {
    writeFileSync(
      options['ready-file'],
      JSON.stringify({ url: demo.url, cluster: demo.cluster?.infoFile }),
    );
  }
  say('Ready');
  console.log(welcome(demo, state));
  const { name, log } = await demo.ended;
  if (children.stopping) return 0;

  throw new Error(
    `The ${name} has ended by itself. Its log is ${log}; the end of it:\n${tail(
      log,
    )}`,
  );
}

function clusterArguments() {
  const passedOn = ['kubeconfig', 'context', 'image'].flatMap(name =>
    options[name] === undefined ? [] : [`--${name}`, options[name]],
  );
  const keep = options['use-running-cluster'] ? ['--keep'] : [];
  return ['--name', options['cluster-name'], ...keep, ...passedOn];
}

function welcome({ url, cluster }, { folder }) {
  return `
  Open ${url}

  and sign in as Ada, who asks for a shell in payments-api. In a second tab be Olga
  or Omar, who own it and decide. Sam has no say in it; Pia is the administrator.

${
  cluster
    ? administration(cluster)
    : '  There is no cluster: the Access tab says so.'
}
  Logs and database: ${folder}
  Ctrl-C stops everything.
`;
}

function administration({ infoFile }) {
  const { kubectl, kubeconfig } = JSON.parse(readFileSync(infoFile, 'utf8'));
  return `  What the cluster says: ${kubectl} --kubeconfig ${kubeconfig} get accessrequests`;
}
