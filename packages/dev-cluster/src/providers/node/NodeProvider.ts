import { spawn } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { ClusterInfo } from '../../Cluster';
import { buildArtifact } from '../../components/buildArtifact';
import {
  helmArtifact,
  kubernetesArtifact,
  programsArtifact,
} from '../../components/artifacts';
import { BUILT_IMAGES } from '../../images/sampleImages';
import { run } from '../../process/run';
import { requireProgram, SYSTEM_PATH } from '../../system/programs';
import {
  cniFolder,
  ensureSystemPackages,
  NODE_PACKAGES,
} from '../../system/systemPackages';
import { ClusterProvider, ProviderContext } from '../ClusterProvider';
import { ApiServerProbe } from './ApiServerProbe';
import { writeConfiguration } from './configuration';
import { importImages, writeImages } from './images';
import { kubeconfigPort } from './kubeconfig';
import { Layout, layoutOf } from './layout';
import { createBridge } from './network';
import { planCluster } from './plan';
import { freePorts } from './ports';
import { areProcessesAlive, teardown } from './teardown';
import { waitUntilReady } from './waitUntilReady';

export interface NodeOptions {
  /** Has the API server write an audit log into the folder with the logs. */
  auditLog?: boolean;
  /** Without a node there are no pods, but the API server is all there, and it is up in half the time. */
  withoutNode?: boolean;
}

interface Tools {
  /** etcd, the control plane, the kubelet and kubectl. */
  components: string;
  helm: string;
  programs: string;
}

/** A whole one-node Kubernetes on this machine, or its control plane alone, without Docker. Needs Linux and root. */
export class NodeProvider implements ClusterProvider<NodeOptions> {
  readonly name = 'node';

  async start(
    context: ProviderContext,
    options: NodeOptions,
  ): Promise<ClusterInfo> {
    requireRootOnLinux();
    const layout = layoutOf(context.folder);
    const tools = await prepareTools(context, options);
    await teardown(layout);
    try {
      await startComponents(context, layout, tools, options);
    } catch (error) {
      context.signal?.throwIfAborted();
      const kept = await keepLogs(layout);
      throw new Error(
        `the cluster '${context.name}' did not start: ${
          (error as Error).message
        }\nIts logs are in ${kept}`,
      );
    }
    return {
      name: context.name,
      provider: this.name,
      folder: layout.folder,
      kubeconfig: layout.kubeconfig,
      kubectl: join(tools.components, 'kubectl'),
      helm: tools.helm,
      images: BUILT_IMAGES,
      imagePullPolicy: 'Never',
      auditLog: options.auditLog ? join(layout.logs, 'audit.log') : undefined,
      withoutNode: options.withoutNode || undefined,
    };
  }

  suits(info: ClusterInfo, options: NodeOptions): boolean {
    return (
      (!options.auditLog || info.auditLog !== undefined) &&
      (options.withoutNode ?? false) === (info.withoutNode ?? false)
    );
  }

  async isHealthy(info: ClusterInfo): Promise<boolean> {
    const layout = layoutOf(info.folder);
    if (!(await areProcessesAlive(layout))) {
      return false;
    }
    const probe = await ApiServerProbe.create(
      layout,
      await kubeconfigPort(layout),
    );
    try {
      return (
        (await probe.isReady()) &&
        (info.withoutNode || (await probe.isNodeReady()))
      );
    } finally {
      probe.close();
    }
  }

  async stop({ folder }: ProviderContext): Promise<void> {
    requireRootOnLinux();
    await teardown(layoutOf(folder));
  }
}

function requireRootOnLinux(): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Error(
      'the built-in cluster needs Linux and root. Run the command as root, or use your own cluster with --kubeconfig and --context.',
    );
  }
}

async function prepareTools(
  { log, signal }: ProviderContext,
  { withoutNode }: NodeOptions,
): Promise<Tools> {
  await ensureSystemPackages(withoutNode ? [] : NODE_PACKAGES, log);
  const programs = await buildArtifact(programsArtifact, log, signal);
  const components = await buildArtifact(kubernetesArtifact, log, signal);
  const helm = join(await buildArtifact(helmArtifact, log, signal), 'helm');
  return { programs, components, helm };
}

async function startComponents(
  { name, log, signal }: ProviderContext,
  layout: Layout,
  tools: Tools,
  { auditLog = false, withoutNode = false }: NodeOptions,
): Promise<void> {
  const clusterNode = join(tools.programs, 'clusternode');
  for (const folder of [
    layout.folder,
    layout.logs,
    layout.runFolder,
    layout.holds,
  ]) {
    await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  }
  const [ports, node] = await Promise.all([
    freePorts(),
    withoutNode ? undefined : prepareNode(layout, tools),
    run(clusterNode, ['certificates', layout.certificates]),
  ]);
  const plan = planCluster({
    layout,
    ports,
    components: tools.components,
    auditLog,
    node,
  });
  await writeConfiguration({ layout, ports, plan, context: name, node });
  log(`Starting Kubernetes (cluster '${name}')`);
  const { ended } = await launch(clusterNode, layout);
  const abort = new AbortController();
  const aborted = AbortSignal.any([abort.signal, ...(signal ? [signal] : [])]);
  try {
    await Promise.race([
      ended,
      Promise.all([
        node && importImages(layout, aborted),
        waitUntilReady(layout, ports.apiServer, log, aborted, !!node),
      ]),
    ]);
  } finally {
    abort.abort();
  }
}

/** What a node needs on the machine before its components start. */
async function prepareNode(layout: Layout, tools: Tools) {
  const [network] = await Promise.all([
    createBridge(layout.bridge),
    writeImages(layout, join(tools.programs, 'static')),
  ]);
  return {
    network,
    containerd: requireProgram('containerd'),
    cniPlugins: cniFolder()!,
  };
}

/** Starts the cluster so that it outlives this process. `ended` fails when the cluster ends. */
async function launch(
  clusterNode: string,
  layout: Layout,
): Promise<{ ended: Promise<never> }> {
  const log = await fs.open(join(layout.logs, 'cluster-node.log'), 'a', 0o600);
  const child = spawn(clusterNode, ['run', layout.plan], {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    cwd: '/',
    // What else the user's environment holds is none of the cluster's business.
    env: { PATH: SYSTEM_PATH },
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', code =>
      reject(new Error(`its first process ended with exit code ${code}`)),
    );
  });
  ended.catch(() => {});
  child.unref();
  await log.close();
  return { ended };
}

async function keepLogs(layout: Layout): Promise<string> {
  const kept = `${layout.folder}.failed`;
  await fs.rm(kept, { recursive: true, force: true });
  await fs.rename(layout.logs, kept).catch(() => {});
  return kept;
}
