import { Cluster, ClusterInfo, Log } from '../Cluster';
import { kubectl } from '../kubectl';
import { deploymentManifest, namespaceManifest } from './manifests';
import {
  PART_OF,
  SAMPLE_NAMESPACES,
  SAMPLE_WORKLOADS,
  SampleWorkload,
} from './workloads';

const PATIENCE_S = 180;
const [PART_OF_LABEL, PART_OF_VALUE] = Object.entries(PART_OF)[0];

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
  await refuseForeignNamespaces(cluster);
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
