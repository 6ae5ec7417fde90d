import { Cluster } from '../Cluster';
import { kubectl } from '../kubectl';
import { PART_OF } from './workloads';

const [[LABEL, VALUE]] = Object.entries(PART_OF);

interface NamespaceList {
  items: { metadata: { name: string; labels?: Record<string, string> } }[];
}

/** A cluster of the user's own may have namespaces of the names that we want, and those are none of our business. */
export async function refuseForeignNamespaces(
  cluster: Pick<Cluster, 'info'>,
  wanted: readonly string[],
): Promise<void> {
  if (!cluster.info.shared) {
    return;
  }
  const { items }: NamespaceList = JSON.parse(
    await kubectl(cluster, ['get', 'namespaces', '--output=json']),
  );
  const foreign = items
    .filter(({ metadata }) => wanted.includes(metadata.name))
    .filter(({ metadata }) => metadata.labels?.[LABEL] !== VALUE)
    .map(({ metadata }) => metadata.name);
  if (foreign.length > 0) {
    throw new Error(
      `the cluster has namespaces already that would have to be ours: ${foreign.join(
        ', ',
      )}. Use another cluster.`,
    );
  }
}

/** Removes the namespaces that we made, whatever is in them. */
export async function removeOwnNamespaces(
  cluster: Pick<Cluster, 'info'>,
): Promise<void> {
  await kubectl(cluster, [
    'delete',
    'namespaces',
    `--selector=${LABEL}=${VALUE}`,
    '--ignore-not-found',
    '--timeout=120s',
  ]);
}

export async function isOwnNamespace(
  cluster: Pick<Cluster, 'info'>,
  name: string,
): Promise<boolean> {
  const names = await kubectl(cluster, [
    'get',
    'namespaces',
    `--selector=${LABEL}=${VALUE}`,
    '--output=name',
  ]);
  return names.split('\n').includes(`namespace/${name}`);
}
