import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  backendKubeconfig,
  Cluster,
  deploySamples,
  installChart,
  kubectl,
  Log,
  SAMPLE_NAMESPACES,
} from '@kubernetes-access/dev-cluster';
import { kubernetesTabReader, tabReader } from './kubernetesTabReader';
import { DemoClusterFacts } from './messages';

const namespaces = SAMPLE_NAMESPACES.map(({ name }) => name);

/** The values with which the demo installs the chart. */
const valuesFile = resolvePackagePath('backend', 'demo-values.yaml');

/** How often to look whether the namespaces are there, and how long at most. */
const NAMESPACES_EVERY_MS = 200;
const NAMESPACES_PATIENCE_MS = 60_000;

/** Where kubectl says a cluster is. */
interface KubeconfigView {
  clusters: {
    cluster: { server: string; 'certificate-authority-data'?: string };
  }[];
}

/**
 * Brings the story's workloads, the chart and the two identities that Backstage uses into a running cluster.
 * `onReachable` hears of the identities while the pods are still starting, so that the back end can start meanwhile.
 */
export async function prepareCluster(
  cluster: Cluster,
  log: Log,
  onReachable: (facts: DemoClusterFacts) => void,
): Promise<void> {
  const pods = deploySamples(cluster, log);
  // The chart's rights are bound in the namespaces of the samples.
  await Promise.race([pods, samplesHaveNamespaces(cluster)]);
  const reachable = installIdentities(cluster, log).then(onReachable);
  await Promise.all([pods, reachable]);
}

async function samplesHaveNamespaces(cluster: Cluster): Promise<void> {
  const deadline = Date.now() + NAMESPACES_PATIENCE_MS;
  for (;;) {
    try {
      await kubectl(cluster, ['get', 'namespaces', ...namespaces]);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(NAMESPACES_EVERY_MS);
    }
  }
}

async function installIdentities(
  cluster: Cluster,
  log: Log,
): Promise<DemoClusterFacts> {
  await installChart(cluster, { log, valuesFiles: [valuesFile] });
  const [kubeconfig, kubernetesTab] = await Promise.all([
    backendKubeconfig(cluster),
    prepareKubernetesTab(cluster),
  ]);
  return {
    infoFile: join(cluster.info.folder, 'cluster.json'),
    backendKubeconfig: kubeconfig,
    kubernetesTab,
  };
}

async function prepareKubernetesTab(
  cluster: Cluster,
): Promise<DemoClusterFacts['kubernetesTab']> {
  await kubectl(cluster, ['apply', '--filename=-'], {
    input: JSON.stringify(kubernetesTabReader(namespaces)),
  });
  const token = await kubectl(cluster, [
    'create',
    'token',
    tabReader.name,
    `--namespace=${tabReader.namespace}`,
    '--duration=24h',
  ]);
  const view: KubeconfigView = JSON.parse(
    await kubectl(cluster, [
      'config',
      'view',
      '--raw',
      '--flatten',
      '--minify',
      '--output=json',
    ]),
  );
  const { server, 'certificate-authority-data': caData } =
    view.clusters[0].cluster;
  return { url: server, caData, serviceAccountToken: token.trim() };
}
