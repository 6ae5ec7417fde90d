import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { ClusterInfo, Log } from '../../Cluster';
import { buildArtifact } from '../../components/buildArtifact';
import { helmArtifact, kubernetesArtifact } from '../../components/artifacts';
import { uninstallChart } from '../../chart/installChart';
import { kubectl } from '../../kubectl';
import { run } from '../../process/run';
import { removeOwnNamespaces } from '../../samples/ownNamespaces';
import { findProgram } from '../../system/programs';
import { ClusterProvider, ProviderContext } from '../ClusterProvider';

export interface ExternalOptions {
  /** The kubeconfig file; the usual one where it is missing. */
  kubeconfig?: string;
  context: string;
  /** A public image with a shell for the sample workloads. */
  image?: string;
}

const DEFAULT_IMAGE = 'docker.io/library/busybox:stable';
const PATIENCE_MS = 15_000;

/** A cluster of the user's own. Everything goes through a copy of the one context that was named. */
export class ExternalProvider implements ClusterProvider<ExternalOptions> {
  readonly name = 'external';

  async start(
    { name, folder, log }: ProviderContext,
    options: ExternalOptions,
  ): Promise<ClusterInfo> {
    const info: ClusterInfo = {
      name,
      provider: this.name,
      folder,
      kubeconfig: join(folder, 'kubeconfig.yaml'),
      kubectl: await findKubectl(log),
      helm: await findHelm(log),
      images: { shell: options.image ?? DEFAULT_IMAGE },
      imagePullPolicy: 'IfNotPresent',
      shared: true,
      context: options.context,
    };
    await fs.writeFile(
      info.kubeconfig,
      await oneContextOf(info.kubectl, options),
      { mode: 0o600 },
    );
    try {
      await kubectl({ info }, ['get', '--raw', '/readyz'], {
        timeoutMs: PATIENCE_MS,
      });
    } catch (error) {
      throw new Error(
        `the cluster behind the context '${options.context}' does not answer: ${
          (error as Error).message
        }`,
      );
    }
    return info;
  }

  suits(info: ClusterInfo, { context, image }: ExternalOptions): boolean {
    return (
      info.context === context && info.images.shell === (image ?? DEFAULT_IMAGE)
    );
  }

  async isHealthy(info: ClusterInfo): Promise<boolean> {
    try {
      await kubectl({ info }, ['get', '--raw', '/readyz'], {
        timeoutMs: PATIENCE_MS,
      });
      return true;
    } catch {
      return false;
    }
  }

  /** Leaves the cluster as it was, as far as it can be reached. */
  async stop({ name, folder, log }: ProviderContext): Promise<void> {
    const kubeconfig = join(folder, 'kubeconfig.yaml');
    const program = findProgram('kubectl');
    const helm = findProgram('helm');
    const info: ClusterInfo = {
      name,
      provider: this.name,
      folder,
      kubeconfig,
      kubectl: program ?? (await findKubectl(log)),
      helm: helm ?? (await findHelm(log)),
      images: { shell: '' },
      imagePullPolicy: 'IfNotPresent',
      shared: true,
    };
    const started = await fs.stat(kubeconfig).catch(() => undefined);
    if (!started) {
      return;
    }
    if (!(await this.isHealthy(info))) {
      log(
        'The cluster does not answer: the sample namespaces and the chart, if they were installed, are still in it',
      );
      return;
    }
    log('Removing what was installed in your cluster');
    await uninstallChart({ info });
    await removeOwnNamespaces({ info });
  }
}

async function oneContextOf(
  program: string,
  { kubeconfig, context }: ExternalOptions,
): Promise<string> {
  const file = kubeconfig ? ['--kubeconfig', kubeconfig] : [];
  const existing = await run(program, [
    ...file,
    'config',
    'get-contexts',
    '--output=name',
  ]);
  const contexts = existing.split('\n').filter(Boolean);
  if (!contexts.includes(context)) {
    throw new Error(
      `there is no context '${context}' in ${
        kubeconfig ?? 'your kubeconfig'
      }; it has ${contexts.join(', ') || 'none'}`,
    );
  }
  return run(program, [
    ...file,
    'config',
    'view',
    '--raw',
    '--flatten',
    '--minify',
    `--context=${context}`,
  ]);
}

async function findKubectl(log: Log): Promise<string> {
  return (
    findProgram('kubectl') ??
    join(await buildArtifact(kubernetesArtifact, log), 'kubectl')
  );
}

async function findHelm(log: Log): Promise<string> {
  return (
    findProgram('helm') ?? join(await buildArtifact(helmArtifact, log), 'helm')
  );
}
