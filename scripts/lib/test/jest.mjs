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
const CLUSTER_TESTS = '\\.cluster\\.test\\.tsx?$';

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
  jest(run, 'cluster', ['--runInBand', '--testPathPatterns', CLUSTER_TESTS], {
    KUBERNETES_ACCESS_TEST_CLUSTER: clusterInfo,
  });

function jest(run, name, args, env) {
  const report = join(run.folder, `${name}.json`);
  return run.runner(
    name,
    [backstageCli, 'repo', 'test', ...args, '--json', '--outputFile', report],
    // Without CI the CLI watches for changes.
    { report, read: jestTotals, env: { CI: 'true', ...env } },
  );
}
