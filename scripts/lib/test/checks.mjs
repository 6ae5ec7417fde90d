import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { workspace } from '../folders.mjs';
import { nodeTotals } from './readReport.mjs';

const bin = (...path) => join(workspace, 'node_modules', ...path);
const backstageCli = bin('@backstage', 'cli', 'bin', 'backstage-cli');

/** Everything that is checked without running the product. */
export const CHECKS = {
  tsc: run =>
    run.check('tsc', [bin('typescript', 'bin', 'tsc'), '--pretty', 'false']),
  lint: run =>
    run.check('lint', [backstageCli, 'repo', 'lint', '--max-warnings', '0']),
  prettier: run =>
    run.check('prettier', [bin('prettier', 'bin-prettier.js'), '--check', '.']),
  knip: run =>
    run.check('knip', [bin('knip', 'bin', 'knip.js'), '--no-progress']),
  changesets: run =>
    run.check('changesets', [join(workspace, 'scripts', 'changesets.mjs')]),
  config: run =>
    run.check('config', [
      backstageCli,
      'config:check',
      '--strict',
      '--config',
      join(workspace, 'app-config.yaml'),
    ]),
  'api-reports': async run => {
    if (!hasApiReports()) return;
    // Their order depends on what else is compiled, so they are made of a compile of the plugins alone.
    await run.check('types of the plugins', [
      bin('typescript', 'bin', 'tsc'),
      '--project',
      join(workspace, 'tsconfig.api-reports.json'),
    ]);
    await run.check('api-reports', [
      bin('@backstage', 'repo-tools', 'bin', 'backstage-repo-tools'),
      'api-reports',
      'plugins/*',
      '-o',
      'ae-wrong-input-file-type,ae-undocumented',
      '--validate-release-tags',
      '--ci',
    ]);
  },
  scripts: run => {
    const report = join(run.folder, 'scripts.tap');
    return run.runner(
      'scripts',
      [
        '--test',
        '--test-reporter=spec',
        '--test-reporter-destination=stdout',
        '--test-reporter=tap',
        `--test-reporter-destination=${report}`,
        'scripts/**/*.test.mjs',
      ],
      { report, read: nodeTotals },
    );
  },
};

const hasApiReports = () =>
  readdirSync(join(workspace, 'plugins')).some(plugin =>
    existsSync(join(workspace, 'plugins', plugin, 'report.api.md')),
  );
