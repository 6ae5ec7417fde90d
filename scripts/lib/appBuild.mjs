import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { workspace } from './folders.mjs';
import { hashFiles } from './hashFiles.mjs';
import { say, sayWhileWaiting } from './say.mjs';
import { Stamp } from './Stamp.mjs';

const app = join(workspace, 'packages', 'app');

/** Everything that the built app depends on. */
const SOURCES = [
  join(app, 'src'),
  join(app, 'public'),
  join(app, 'package.json'),
  join(workspace, 'plugins', 'kubernetes-access'),
  join(workspace, 'plugins', 'kubernetes-access-common'),
  join(workspace, 'app-config.yaml'),
  join(workspace, 'yarn.lock'),
];

/** Builds the app unless it has been built from the same sources. */
export async function buildApp(children, node, log) {
  const stamp = new Stamp('app-build');
  const hash = hashFiles(SOURCES);
  if (stamp.matches(hash) && existsSync(join(app, 'dist', 'index.html')))
    return;

  say('Building the app');
  stamp.clear();
  const cli = join(
    workspace,
    'node_modules',
    '@backstage',
    'cli',
    'bin',
    'backstage-cli',
  );
  const build = children.run('the app build', node, [cli, 'package', 'build'], {
    cwd: app,
    log,
  });
  await sayWhileWaiting('the app build', build);
  stamp.set(hash);
}
