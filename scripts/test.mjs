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
  postgresClusterTests,
  unitTests,
} from './lib/test/jest.mjs';
import { TestRun } from './lib/test/TestRun.mjs';

const CLUSTER_NAME = 'test';
/** What the tests need of the system, by Debian's names. */
const BROWSER_PACKAGES = ['chromium', 'fonts-dejavu-core'];
const DATABASE_PACKAGES = ['postgresql'];
const CHECK_NAMES = Object.keys(CHECKS);
const ALL = [
  ...CHECK_NAMES,
  'unit',
  'cluster',
  'cluster-postgres',
  'acceptance',
];
/** Stages that need a Kubernetes, and those that need a PostgreSQL. */
const ON_CLUSTER = ['cluster', 'cluster-postgres', 'acceptance'];
const ON_POSTGRES = ['unit', 'cluster', 'cluster-postgres'];

const USAGE = `npm test [-- stage …]

Runs everything, or only the named stages: ${ALL.join(', ')}.
Tests of the stores run on SQLite and PostgreSQL alike; cluster runs the whole back end on SQLite, cluster-postgres on PostgreSQL.
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
  if (needsCluster) await claimCluster();
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
  const cluster = needsCluster && startCluster(run);
  await runChecks(run, stages);
  if (stages.has('unit')) await unitTests(run);
  if (cluster) await withCluster(run, stages, cluster);

  say('Stopping what was started');
  await children.stopAll();
  console.log(String(run.totals));
  return run.totals.failed ? 1 : 0;
}

/** Two runs would deploy into, and stop, the same cluster. */
async function claimCluster() {
  const folder = join(cacheFolder, 'clusters', CLUSTER_NAME);
  const owner = await ownerOf(folder);
  if (owner) {
    throw new Error(
      `Tests with the cluster '${CLUSTER_NAME}' run already (process ${owner.pid}). Wait for them, or set KUBERNETES_ACCESS_CACHE to another folder.`,
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
    const { infoFile } = await sayWhileWaiting(
      'the cluster',
      cluster.reachable,
      30_000,
    );
    await sayWhileWaiting('the pods', cluster.ready);
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

function startCluster(run) {
  return startDemoCluster(run.children, run.node, {
    args: ['--name', CLUSTER_NAME, '--audit-log'],
    log: join(run.folder, 'cluster.log'),
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
