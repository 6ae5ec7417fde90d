import { Cluster, Log } from '../Cluster';
import { kubectl } from '../kubectl';
import { PART_OF } from './workloads';

export async function removeSamples(
  cluster: Pick<Cluster, 'info'>,
  log: Log = () => {},
): Promise<void> {
  const selector = Object.entries(PART_OF)
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
  log('Removing the sample namespaces');
  await kubectl(cluster, [
    'delete',
    'namespaces',
    `--selector=${selector}`,
    '--ignore-not-found',
    '--timeout=120s',
  ]);
}
