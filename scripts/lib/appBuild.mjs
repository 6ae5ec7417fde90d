import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { workspace } from './folders.mjs';
import { hashFiles } from './hashFiles.mjs';
import { say, sayWhileWaiting } from './say.mjs';
import { Stamp } from './Stamp.mjs';

/** The demo's app, and the one on the legacy front-end system that the tests look at. */
const APP = 'app';
export const LEGACY_APP = 'app-legacy';

/** Everything that a built app depends on. */
const sourcesOf = folder => [
  join(folder, 'src'),
  join(folder, 'public'),
  join(folder, 'package.json'),
  join(folder, 'app-config.yaml'),
  join(workspace, 'plugins', 'kubernetes-access'),
  join(workspace, 'plugins', 'kubernetes-access-common'),
  join(workspace, 'app-config.yaml'),
  join(workspace, 'yarn.lock'),
];

/** Builds an app unless it has been built from the same sources. Returns where it is. */
export async function buildApp(children, node, log, name = APP) {
  const folder = join(workspace, 'packages', name);
  const dist = join(folder, 'dist');
  const stamp = new Stamp(`${name}-build`);
  const hash = hashFiles(sourcesOf(folder));
  if (stamp.matches(hash) && existsSync(join(dist, 'index.html'))) return dist;

  const what = name === APP ? 'the app' : 'the legacy app';
  say(`Building ${what}`);
  stamp.clear();
  const cli = join(
    workspace,
    'node_modules',
    '@backstage',
    'cli',
    'bin',
    'backstage-cli',
  );
  const ownConfig = join(folder, 'app-config.yaml');
  const args = existsSync(ownConfig) ? ['--config', ownConfig] : [];
  const build = children.run(
    `the build of ${what}`,
    node,
    [cli, 'package', 'build', ...args],
    { cwd: folder, log },
  );
  await sayWhileWaiting(`the build of ${what}`, build);
  stamp.set(hash);
  return dist;
}
