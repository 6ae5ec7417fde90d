import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const VALID_NAME = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

/** Lies outside of the work tree, so that a fresh clone need not compile again. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(
    env.KUBERNETES_ACCESS_CACHE ||
      join(
        env.XDG_CACHE_HOME || join(homedir(), '.cache'),
        'kubernetes-access',
      ),
  );
}

export function clusterFolder(name: string): string {
  if (!VALID_NAME.test(name)) {
    throw new Error(
      `'${name}' cannot be the name of a cluster: use up to 32 lower-case letters, digits and dashes`,
    );
  }
  return join(cacheFolder(), 'clusters', name);
}

/** The root folder of the package, with its Go modules. */
// eslint-disable-next-line no-restricted-syntax -- the package is never bundled: it runs from its sources
export const packageFolder = resolve(__dirname, '..');

/** The repository that this package is part of. */
export const repositoryFolder = resolve(packageFolder, '../..');

/**
 * A short name that two clusters on a machine never share, for what lives outside of their folders: sockets, whose paths may not be
 * long, network links and control groups. It follows from the folder alone, so that it can be found again after any crash.
 */
export function clusterId(folder: string): string {
  return `ka-${createHash('sha256')
    .update(resolve(folder))
    .digest('hex')
    .slice(0, 8)}`;
}
