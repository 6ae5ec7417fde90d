import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { Cluster } from '../Cluster';
import { kubectl } from '../kubectl';
import { CHART_NAME } from './installChart';

export interface BackendKubeconfigOptions {
  /** How long the token inside is good for, as kubectl writes durations. */
  duration?: string;
  /** Where to write it; in the cluster's folder where it is missing. */
  file?: string;
}

/** The part of a kubeconfig that says where the cluster is. */
interface ClusterEntry {
  name: string;
  cluster: Record<string, unknown>;
}

/**
 * Writes a kubeconfig with the rights that the chart gives to the back end and nothing more, and returns its path. The chart must be
 * installed.
 */
export async function backendKubeconfig(
  cluster: Pick<Cluster, 'info'>,
  { duration = '24h', file }: BackendKubeconfigOptions = {},
): Promise<string> {
  const { info } = cluster;
  const token = await kubectl(cluster, [
    'create',
    'token',
    `${CHART_NAME}-backend`,
    `--namespace=${CHART_NAME}`,
    `--duration=${duration}`,
  ]);
  const admin: { clusters: ClusterEntry[] } = parse(
    await fs.readFile(info.kubeconfig, 'utf8'),
  );
  const target = file ?? join(info.folder, 'backend-kubeconfig.yaml');
  await fs.writeFile(
    target,
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': info.name,
      clusters: [{ ...admin.clusters[0], name: info.name }],
      contexts: [
        { name: info.name, context: { cluster: info.name, user: 'backend' } },
      ],
      users: [{ name: 'backend', user: { token: token.trim() } }],
    }),
    { mode: 0o600 },
  );
  return target;
}
