import { Cluster, Log } from '../Cluster';
import { kubectl } from '../kubectl';
import { deploymentManifest, namespaceManifest } from './manifests';
import { PART_OF, SAMPLE_NAMESPACES, SAMPLE_WORKLOADS } from './workloads';

const PATIENCE_S = 180;
const [PART_OF_LABEL, PART_OF_VALUE] = Object.entries(PART_OF)[0];

/** Makes the namespaces and workloads of the demo's story and waits until their pods are ready. */
export async function deploySamples(
  cluster: Pick<Cluster, 'info'>,
  log: Log = () => {},
): Promise<void> {
  const { info } = cluster;
  await refuseForeignNamespaces(cluster);
  const workloads = SAMPLE_WORKLOADS.filter(workload => {
    const possible = info.images[workload.image] !== undefined;
    if (!possible) {
      log(
        `${workload.component} is left out: it needs an image that this cluster cannot have`,
      );
    }
    return possible;
  });
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
  const expected = workloads.filter(({ crashes }) => !crashes);
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

/** A cluster of the user's own may have a namespace of that name, and that one is none of our business. */
async function refuseForeignNamespaces(
  cluster: Pick<Cluster, 'info'>,
): Promise<void> {
  const names = SAMPLE_NAMESPACES.map(({ name }) => name);
  const found: {
    items: { metadata: { name: string; labels?: Record<string, string> } }[];
  } = JSON.parse(
    (await kubectl(cluster, [
      'get',
      'namespaces',
      '--ignore-not-found',
      '--output=json',
    ])) || '{"items":[]}',
  );
  const foreign = found.items
    .filter(({ metadata }) => names.includes(metadata.name))
    .filter(
      ({ metadata }) => metadata.labels?.[PART_OF_LABEL] !== PART_OF_VALUE,
    )
    .map(({ metadata }) => metadata.name);
  if (foreign.length > 0) {
    throw new Error(
      `the cluster has namespaces that the samples would need for themselves: ${foreign.join(
        ', ',
      )}. Use another cluster.`,
    );
  }
}
