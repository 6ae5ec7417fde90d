import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp, LEGACY_APP } from '../appBuild.mjs';
import { startDemo } from '../demo.mjs';
import { DemoState } from '../DemoState.mjs';
import { workspace } from '../folders.mjs';
import { playwrightTotals } from './readReport.mjs';

const folder = join(workspace, 'packages', 'acceptance');
const config = join(folder, 'app-config.acceptance.yaml');
const playwright = join(
  workspace,
  'node_modules',
  '@playwright',
  'test',
  'cli.js',
);

/** Several people at once in the browser, on a demo of their own. */
export async function acceptanceTests(run, clusterName, clusterInfo) {
  const state = new DemoState(clusterName);
  await state.claim({ keep: false });
  const demo = await startDemo(run.children, run.node, {
    state,
    port: 0,
    configs: existsSync(config) ? [config] : [],
    cluster: ['--name', clusterName, '--keep'],
  });
  // The back end serves one app; the browser tests put this one in its place.
  await buildApp(run.children, run.node, state.log('legacy-build'), LEGACY_APP);
  const report = join(run.folder, 'acceptance.json');
  await run.runner('acceptance', [playwright, 'test', '--reporter=list,json'], {
    cwd: folder,
    report,
    read: playwrightTotals,
    env: {
      CI: 'true',
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
      KUBERNETES_ACCESS_DEMO_URL: demo.url,
      KUBERNETES_ACCESS_TEST_CLUSTER: clusterInfo,
    },
  });
}
