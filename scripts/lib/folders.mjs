import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the workspace. */
export const workspace = resolve(
  fileURLToPath(new URL('../..', import.meta.url)),
);

/** What a fresh clone need not do again lies outside of the work tree. */
export const cacheFolder = resolve(
  process.env.KUBERNETES_ACCESS_CACHE ||
    join(
      process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
      'kubernetes-access',
    ),
);

/** Stamps of what was made inside the work tree; they vanish with what they speak of. */
export const stampFolder = join(
  workspace,
  'node_modules',
  '.cache',
  'kubernetes-access',
);

/** The vendored Yarn. */
export const yarn = join(workspace, '.yarn', 'releases', 'yarn-4.18.1.cjs');

/** The loader with which Node runs the workspace's TypeScript directly. */
export const nodeTransform = join(
  workspace,
  'node_modules',
  '@backstage',
  'cli',
  'config',
  'nodeTransform.cjs',
);
