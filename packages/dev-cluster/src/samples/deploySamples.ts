import { Cluster, ClusterInfo, Log } from '../Cluster';
import { kubectl } from '../kubectl';
import { deploymentManifest, namespaceManifest } from './manifests';
import { refuseForeignNamespaces } from './ownNamespaces';
import {
  SAMPLE_NAMESPACES,
  SAMPLE_WORKLOADS,
  SampleWorkload,
} from './workloads';

const PATIENCE_S = 180;

/** Makes the namespaces and workloads of the demo's story and waits until their pods are ready. */
export async function deploySamples(
  cluster: Pick<Cluster, 'info'>,
  log: Log = () => {},
): Promise<void> {
  await applySamples(cluster, log);
  await waitForSamples(cluster, log);
}

/** The first half of `deploySamples`, for those who have something better to do than wait. */
export async function applySamples(
  cluster: Pick<Cluster, 'info'>,
  log: Log = () => {},
): Promise<void> {
  const { info } = cluster;
  await refuseForeignNamespaces(
    cluster,
    SAMPLE_NAMESPACES.map(({ name }) => name),
  );
  const workloads = possibleWorkloads(info);
  for (const { component } of SAMPLE_WORKLOADS.filter(
    workload => !workloads.includes(workload),
  )) {
    log(
      `${component} is left out: it needs an image that this cluster cannot have`,
    );
  }
  log(
    `Deploying ${workloads.length} sample workloads in ${SAMPLE_NAMESPACES.length} namespaces`,
  );
  const items = [
    ...SAMPLE_NAMESPACES.map(namespaceManifest),
    ...workloads.map(workload => deploymentManifest(workload, info)),
  ];
  await kubectl(
    cluster,
    [
      'apply',
      '--server-side',
      '--force-conflicts',
      '--field-manager=kubernetes-access-samples',
      '--filename=-',
    ],
    { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) },
  );
}

/** Waits for the pods of all samples but those whose point it is to crash. */
export async function waitForSamples(
  cluster: Pick<Cluster, 'info'>,
  log: Log = () => {},
): Promise<void> {
  const expected = possibleWorkloads(cluster.info).filter(
    ({ crashes }) => !crashes,
  );
  const namespaces = [...new Set(expected.map(({ namespace }) => namespace))];
  await Promise.all(
    namespaces.map(async namespace => {
      const deployments = expected
        .filter(workload => workload.namespace === namespace)
        .map(({ component }) => `deployment/${component}`);
      await kubectl(cluster, [
        'wait',
        `--namespace=${namespace}`,
        '--for=condition=Available',
        `--timeout=${PATIENCE_S}s`,
        ...deployments,
      ]);
      log(`The pods in ${namespace} are ready`);
    }),
  );
}

/** Without a public image that does the same, some cannot exist in a cluster of the user's own. */
function possibleWorkloads({ images }: ClusterInfo): SampleWorkload[] {
  return SAMPLE_WORKLOADS.filter(({ image }) => images[image] !== undefined);
}
