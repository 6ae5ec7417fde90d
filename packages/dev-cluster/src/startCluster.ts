import { promises as fs } from 'node:fs';
import { dirname, join } from 'node:path';
import { Cluster, ClusterInfo, Log } from './Cluster';
import { clusterFolder } from './folders';
import { withLock } from './process/FileLock';
import { ClusterProvider, ProviderContext } from './providers/ClusterProvider';
import {
  ExternalOptions,
  ExternalProvider,
} from './providers/external/ExternalProvider';
import { NodeOptions, NodeProvider } from './providers/node/NodeProvider';

export type StartClusterOptions = {
  name: string;
  log?: Log;
  /** Gives up the start and takes back what it made so far. */
  signal?: AbortSignal;
} & (
  | ({ provider?: 'node' } & NodeOptions)
  | ({ provider: 'external' } & ExternalOptions)
);

const INFO_FILE = 'cluster.json';
const PROVIDER_FILE = 'provider';

const providers = {
  node: new NodeProvider(),
  external: new ExternalProvider(),
};

/** Starts the cluster, or returns the one of that name that is running. */
export async function startCluster(
  options: StartClusterOptions,
): Promise<Cluster> {
  const context = contextOf(options.name, options.log, options.signal);
  return exclusively(context, async () => {
    const running = await loadFromFolder(context.folder);
    if (running && suits(running.info, options)) {
      return running;
    }
    await stopWhatIsThere(context);
    await fs.mkdir(context.folder, { recursive: true, mode: 0o700 });
    // Before anything else: whoever cleans up after a crash must know how.
    await fs.writeFile(
      join(context.folder, PROVIDER_FILE),
      options.provider ?? 'node',
    );
    try {
      const info =
        options.provider === 'external'
          ? await providers.external.start(context, options)
          : await providers.node.start(context, options);
      await writeInfo(info);
      return toCluster(info);
    } catch (error) {
      await stopWhatIsThere(context);
      throw error;
    }
  });
}

function suits(info: ClusterInfo, options: StartClusterOptions): boolean {
  if (info.provider !== (options.provider ?? 'node')) {
    return false;
  }
  return options.provider === 'external'
    ? providers.external.suits(info, options)
    : providers.node.suits(info, options);
}

/** The running cluster of that name, if there is one and it answers. */
export async function loadCluster(name: string): Promise<Cluster | undefined> {
  return loadFromFolder(clusterFolder(name));
}

/** Stops the cluster of that name and takes back what a crashed run of it left behind. */
export async function stopCluster(name: string, log?: Log): Promise<void> {
  const context = contextOf(name, log);
  await exclusively(context, () => stopWhatIsThere(context));
}

/** The cluster whose `cluster.json` the environment variable KUBERNETES_ACCESS_TEST_CLUSTER names. */
export async function clusterFromEnvironment(
  env: NodeJS.ProcessEnv = process.env,
): Promise<Cluster> {
  const file = env.KUBERNETES_ACCESS_TEST_CLUSTER;
  if (!file) {
    throw new Error(
      'this test needs a real cluster: `npm test` starts one. By hand, run `packages/dev-cluster/bin/dev-cluster.js up --name tests` and set KUBERNETES_ACCESS_TEST_CLUSTER to the path of the cluster.json that it prints.',
    );
  }
  const cluster = await loadFromFolder(dirname(file));
  if (!cluster) {
    throw new Error(
      `the cluster that KUBERNETES_ACCESS_TEST_CLUSTER=${file} names does not answer: start it again`,
    );
  }
  return cluster;
}

async function loadFromFolder(folder: string): Promise<Cluster | undefined> {
  const info = await readInfo(folder);
  return info && (await providerOf(info.provider).isHealthy(info))
    ? toCluster(info)
    : undefined;
}

async function stopWhatIsThere(context: ProviderContext): Promise<void> {
  // From here on nobody shall take it for a running cluster.
  await fs.rm(join(context.folder, INFO_FILE), { force: true });
  const provider = await fs
    .readFile(join(context.folder, PROVIDER_FILE), 'utf8')
    .catch(() => undefined);
  if (provider !== undefined) {
    await providerOf(provider).stop(context);
  }
  await fs.rm(context.folder, { recursive: true, force: true, maxRetries: 5 });
}

function toCluster(info: ClusterInfo): Cluster {
  return { name: info.name, info, stop: () => stopCluster(info.name) };
}

function providerOf(name: string): ClusterProvider<never> {
  if (name !== 'node' && name !== 'external') {
    throw new Error(`there is no provider '${name}': use node or external`);
  }
  return providers[name];
}

function contextOf(
  name: string,
  log: Log = () => {},
  signal?: AbortSignal,
): ProviderContext {
  return { name, folder: clusterFolder(name), log, signal };
}

function exclusively<T>(
  { name, folder, log, signal }: ProviderContext,
  action: () => Promise<T>,
): Promise<T> {
  return withLock(`${folder}.lock`, action, {
    signal,
    onWait: holder =>
      log(
        `Waiting for process ${holder.pid}, which is starting or stopping the cluster '${name}'`,
      ),
  });
}

async function readInfo(folder: string): Promise<ClusterInfo | undefined> {
  try {
    const info: ClusterInfo = JSON.parse(
      await fs.readFile(join(folder, INFO_FILE), 'utf8'),
    );
    return info;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/** Under another name first: whoever reads it gets all of it or nothing. */
async function writeInfo(info: ClusterInfo): Promise<void> {
  const file = join(info.folder, INFO_FILE);
  await fs.writeFile(`${file}.new`, JSON.stringify(info, null, 2), {
    mode: 0o600,
  });
  await fs.rename(`${file}.new`, file);
}
