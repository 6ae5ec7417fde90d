import { join } from 'node:path';
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

/** Where kubectl says a cluster is. */
interface KubeconfigView {
  clusters: {
    cluster: { server: string; 'certificate-authority-data'?: string };
  }[];
}

/** Brings the story's workloads, the chart and the two identities that Backstage uses into a running cluster. */
export async function prepareCluster(
  cluster: Cluster,
  log: Log,
): Promise<DemoClusterFacts> {
  // The samples come first: the chart's rights are bound in their namespaces.
  await deploySamples(cluster, log);
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

const valuesFile = join(__dirname, '..', '..', 'demo-values.yaml');

async function prepareKubernetesTab(
  cluster: Cluster,
): Promise<DemoClusterFacts['kubernetesTab']> {
  const namespaces = SAMPLE_NAMESPACES.map(({ name }) => name);
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
