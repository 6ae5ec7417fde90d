import { join } from 'node:path';
import { startDemoCluster } from './lib/demoCluster.mjs';
import { cacheFolder } from './lib/folders.mjs';
import { own, ownerOf } from './lib/ownership.mjs';
import { prepareWorkspace } from './lib/prepareWorkspace.mjs';
import { runUntilStopped } from './lib/runUntilStopped.mjs';
import { say, sayWhileWaiting } from './lib/say.mjs';
import { acceptanceTests } from './lib/test/acceptance.mjs';
import { CHECKS } from './lib/test/checks.mjs';
import {
  clusterTests,
  faultTests,
  postgresClusterTests,
  unitTests,
} from './lib/test/jest.mjs';
import { TestRun } from './lib/test/TestRun.mjs';

const CLUSTER_NAME = 'test';
/** Where tests stop the kubelet and the API server, while others use the first one. */
const FAULTS_CLUSTER_NAME = 'test-faults';
/** What the tests need of the system, by Debian's names. */
const BROWSER_PACKAGES = ['chromium', 'fonts-dejavu-core'];
const DATABASE_PACKAGES = ['postgresql'];
const CHECK_NAMES = Object.keys(CHECKS);
const ALL = [
  ...CHECK_NAMES,
  'unit',
  'cluster',
  'cluster-postgres',
  'faults',
  'acceptance',
];
/** Stages that need a Kubernetes, and those that need a PostgreSQL. */
const ON_CLUSTER = ['cluster', 'cluster-postgres', 'acceptance'];
const ON_POSTGRES = ['unit', 'cluster', 'cluster-postgres', 'faults'];

const USAGE = `npm test [-- stage …]

Runs everything, or only the named stages: ${ALL.join(', ')}.
Tests of the stores run on SQLite and PostgreSQL alike; cluster runs the whole back end on SQLite, cluster-postgres on PostgreSQL, faults on a cluster whose parts are stopped under it.
The last line is the sum of all runners.
`;

const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !ALL.includes(name));

if (wanted.includes('--help')) {
  console.log(USAGE);
} else if (unknown.length) {
  console.error(`There is no stage ${unknown.join(', ')}.\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  await runUntilStopped(main);
}

async function main(children) {
  const stages = new Set(wanted.length ? wanted : ALL);
  const needsAny = names => names.some(name => stages.has(name));
  const needsCluster = needsAny(ON_CLUSTER);
  const needsFaults = stages.has('faults');
  if (needsCluster) await claimCluster(CLUSTER_NAME);
  if (needsFaults) await claimCluster(FAULTS_CLUSTER_NAME);
  const run = new TestRun(children, await prepareWorkspace(children));

  if (stages.has('acceptance'))
    await attempt(run, 'chromium', () =>
      installPackages(run, 'Chromium', BROWSER_PACKAGES),
    );
  if (needsAny(ON_POSTGRES))
    await attempt(run, 'postgresql', () =>
      installPackages(run, 'PostgreSQL', DATABASE_PACKAGES),
    );
  // Its components compile for some minutes the first time: meanwhile everything that needs no cluster runs.
  const cluster = needsCluster && startCluster(run, CLUSTER_NAME);
  await runChecks(run, stages);
  if (stages.has('unit')) await unitTests(run);
  // Both mostly wait, each for its own cluster.
  await Promise.all([
    cluster && withCluster(run, stages, cluster),
    needsFaults && withFaultsCluster(run),
  ]);

  say('Stopping what was started');
  await children.stopAll();
  console.log(String(run.totals));
  return run.totals.failed ? 1 : 0;
}

/** Two runs would deploy into, and stop, the same cluster. */
async function claimCluster(name) {
  const folder = join(cacheFolder, 'clusters', name);
  const owner = await ownerOf(folder);
  if (owner) {
    throw new Error(
      `Tests with the cluster '${name}' run already (process ${owner.pid}). Wait for them, or set KUBERNETES_ACCESS_CACHE to another folder.`,
    );
  }
  await own(folder, () => ({ pid: process.pid }));
}

async function runChecks(run, stages) {
  for (const name of CHECK_NAMES) {
    if (stages.has(name)) await CHECKS[name](run);
  }
}

async function withCluster(run, stages, cluster) {
  await attempt(run, 'the cluster', async () => {
    const infoFile = await untilReady('the cluster', cluster);
    if (stages.has('cluster')) await clusterTests(run, infoFile);
    if (stages.has('cluster-postgres'))
      await postgresClusterTests(run, infoFile);
    if (stages.has('acceptance')) {
      await attempt(run, 'acceptance', () =>
        acceptanceTests(run, CLUSTER_NAME, infoFile),
      );
    }
  });
}

async function withFaultsCluster(run) {
  await attempt(run, 'the cluster for faults', async () => {
    const cluster = startCluster(run, FAULTS_CLUSTER_NAME);
    await faultTests(run, await untilReady('the cluster for faults', cluster));
    await cluster.stop();
  });
}

/** Resolves to the file that says how to reach it. */
async function untilReady(name, cluster) {
  const { infoFile } = await sayWhileWaiting(name, cluster.reachable, 30_000);
  await sayWhileWaiting(`the pods of ${name}`, cluster.ready);
  return infoFile;
}

function startCluster(run, name) {
  return startDemoCluster(run.children, run.node, {
    args: ['--name', name, '--audit-log'],
    log: join(run.folder, `${name}.log`),
  });
}

async function installPackages(run, what, packages) {
  await run.evaluate(
    `the installation of ${what}`,
    `require('@kubernetes-access/dev-cluster')
      .ensureSystemPackages(${JSON.stringify(packages)}, console.log)
      .catch(error => { console.error(error.message); process.exit(1); });`,
  );
}

/** What cannot even begin counts as a failure of its own and stops nothing else. */
async function attempt(run, name, action) {
  try {
    await action();
  } catch (error) {
    if (run.children.stopping) throw error;
    run.broke(name, error);
  }
}
