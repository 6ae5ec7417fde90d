import { join } from 'node:path';
import { Cluster } from './Cluster';
import { run } from './process/run';

export interface KubectlOptions {
  input?: string;
  timeoutMs?: number;
  onLine?: (line: string) => void;
}

/** Runs kubectl as the administrator of the cluster and returns what it printed. */
export function kubectl(
  cluster: Pick<Cluster, 'info'>,
  args: readonly string[],
  options: KubectlOptions = {},
): Promise<string> {
  const { info } = cluster;
  return run(info.kubectl, ['--kubeconfig', info.kubeconfig, ...args], {
    ...options,
    env: clientEnvironment(info.folder),
  });
}

/** Keeps what kubectl and helm remember in the cluster's folder: each start of a cluster has a new address. */
export function clientEnvironment(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    KUBECONFIG: '',
    KUBECACHEDIR: join(folder, 'client-cache'),
    KUBERC: 'off',
    HELM_CACHE_HOME: join(folder, 'helm', 'cache'),
    HELM_CONFIG_HOME: join(folder, 'helm', 'config'),
    HELM_DATA_HOME: join(folder, 'helm', 'data'),
    HELM_DRIVER: 'secret',
  };
}
