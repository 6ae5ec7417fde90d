import { existsSync, readdirSync } from 'node:fs';
import { Log } from '../Cluster';
import { run } from '../process/run';
import { withoutServices } from './withoutServices';
import { findProgram, isExecutable, isStaticProgram } from './programs';

/** Where Debian's package and the upstream release put the network plug-ins. */
const CNI_FOLDERS = ['/usr/lib/cni', '/opt/cni/bin'];

/** The Debian packages that the node provider needs. */
export const NODE_PACKAGES = [
  'containerd',
  'runc',
  'containernetworking-plugins',
  'busybox-static',
];

/** How to see that a package's programs are there, whoever installed them. Others are asked of dpkg. */
const PROBES: Record<string, () => boolean> = {
  containerd: () => hasPrograms('containerd', 'ctr', 'containerd-shim-runc-v2'),
  runc: () => hasPrograms('runc'),
  'containernetworking-plugins': () => cniFolder() !== undefined,
  'busybox-static': () => isStaticProgram(findProgram('busybox')),
  iptables: () => hasPrograms('iptables'),
  chromium: () => hasPrograms('chromium'),
  postgresql: () => hasPrograms('initdb', 'postgres') || hasPostgresFolder(),
};

/** Debian keeps PostgreSQL's programs out of PATH. */
const POSTGRES_FOLDER = '/usr/lib/postgresql';

function hasPostgresFolder(): boolean {
  return (
    existsSync(POSTGRES_FOLDER) &&
    readdirSync(POSTGRES_FOLDER).some(version =>
      isExecutable(`${POSTGRES_FOLDER}/${version}/bin/postgres`),
    )
  );
}

export function cniFolder(): string | undefined {
  return CNI_FOLDERS.find(folder =>
    ['bridge', 'host-local', 'loopback'].every(plugin =>
      isExecutable(`${folder}/${plugin}`),
    ),
  );
}

function hasPrograms(...names: string[]): boolean {
  return names.every(name => findProgram(name) !== undefined);
}

export async function missingSystemPackages(
  names: readonly string[],
): Promise<string[]> {
  const present = await Promise.all(
    names.map(name => PROBES[name]?.() ?? isInstalled(name)),
  );
  return names.filter((_, index) => !present[index]);
}

async function isInstalled(name: string): Promise<boolean> {
  try {
    const status = await run('dpkg-query', ['-W', '-f=${Status}', name]);
    return status.includes('ok installed');
  } catch {
    return false;
  }
}

/** Installs what is missing when that can be done here, and otherwise says in one message what to install. */
export async function ensureSystemPackages(
  names: readonly string[],
  log: Log = () => {},
): Promise<void> {
  const missing = await missingSystemPackages(names);
  if (missing.length === 0) {
    return;
  }
  const root = process.getuid?.() === 0;
  if (!root || !findProgram('apt-get')) {
    throw new Error(
      `These system packages (Debian's names) are missing: ${missing.join(
        ', ',
      )}. ` +
        `${
          root
            ? 'Install them'
            : `Install them as root (apt-get install ${missing.join(' ')})`
        } and start again.`,
    );
  }
  log(`Installing system packages: ${missing.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const patient = ['-q', '-o', 'DPkg::Lock::Timeout=300'];
  await run('apt-get', [...patient, 'update'], { env });
  await withoutServices(() =>
    run(
      'apt-get',
      [...patient, 'install', '-y', '--no-install-recommends', ...missing],
      { env },
    ),
  );
  const still = await missingSystemPackages(missing);
  if (still.length > 0) {
    throw new Error(
      `apt-get installed ${still.join(
        ', ',
      )}, but their programs cannot be found`,
    );
  }
}
