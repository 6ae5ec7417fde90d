import { join } from 'node:path';
import { workspace } from '../folders.mjs';
import { jestTotals } from './readReport.mjs';

const backstageCli = join(
  workspace,
  'node_modules',
  '@backstage',
  'cli',
  'bin',
  'backstage-cli',
);
/** For tests that ask for no time of their own: a busy machine is no failure. */
const TEST_TIMEOUT_MS = 60_000;
const CLUSTER_TESTS = '\\.cluster\\.test\\.tsx?$';
/** Tests that stop parts of their cluster, or that start clusters of their own. */
const FAULT_TESTS =
  '(/chaos/.*|/dev-cluster/src/providers/.*)\\.cluster\\.test\\.tsx?$';
/** The way of a request from the question to what its terminal leaves behind. Other tests bring the databases that they need. */
const FLOW_TESTS =
  'src/tests/(backend|grants|leftovers|outage|secrets|sessions)\\.cluster\\.test\\.ts$';

/** Tests that need nothing but Node. */
export const unitTests = run =>
  jest(run, 'unit', [
    '--maxWorkers=2',
    '--testPathIgnorePatterns',
    '/node_modules/',
    CLUSTER_TESTS,
  ]);

/** Tests against a real API server, one file after the other: they share the cluster. */
export const clusterTests = (run, clusterInfo) =>
  onCluster(
    run,
    'cluster (SQLite)',
    [
      '--testPathPatterns',
      CLUSTER_TESTS,
      '--testPathIgnorePatterns',
      '/node_modules/',
      FAULT_TESTS,
    ],
    {
      KUBERNETES_ACCESS_TEST_CLUSTER: clusterInfo,
      KUBERNETES_ACCESS_TEST_DATABASE: 'sqlite',
    },
  );

/** Tests that break what others stand on: they have a cluster to themselves. */
export const faultTests = (run, clusterInfo) =>
  onCluster(run, 'cluster (faults)', ['--testPathPatterns', FAULT_TESTS], {
    KUBERNETES_ACCESS_TEST_CLUSTER: clusterInfo,
    KUBERNETES_ACCESS_TEST_DATABASE: 'sqlite',
  });

/** The flow once more, on the other database. */
export const postgresClusterTests = (run, clusterInfo) =>
  onCluster(run, 'cluster (PostgreSQL)', ['--testPathPatterns', FLOW_TESTS], {
    KUBERNETES_ACCESS_TEST_CLUSTER: clusterInfo,
    KUBERNETES_ACCESS_TEST_DATABASE: 'postgres',
  });

const onCluster = (run, name, files, env) =>
  jest(run, name, ['--runInBand', ...files], env);

function jest(run, name, args, env) {
  const report = join(run.folder, `${name.replace(/\W+/g, '-')}.json`);
  return run.runner(
    name,
    [
      backstageCli,
      'repo',
      'test',
      ...args,
      `--testTimeout=${TEST_TIMEOUT_MS}`,
      '--json',
      '--outputFile',
      report,
    ],
    // Without CI the CLI watches for changes.
    { report, read: jestTotals, env: { CI: 'true', ...env } },
  );
}
