import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import type { Cluster } from '@kubernetes-access/dev-cluster';
import {
  backendKubeconfig,
  clusterFromEnvironment,
  kubectl,
} from '@kubernetes-access/dev-cluster';
import { SystemClock } from '../controller';
import type { ClusterConnection } from '../kubernetes';
import { ConfiguredClusters } from '../kubernetes';

export { eventually } from './eventually';

const GRANT_NAMESPACE = 'kubernetes-access-grants';

/**
 * The cluster of the tests, seen twice: as the back end sees it, with the rights that the chart gives and no others,
 * and as its administrator does, who sets the scene and looks at the outcome.
 */
export class RealCluster {
  /** @param own - a cluster with the chart installed; the one of all tests when unset */
  static async connect(own?: Cluster): Promise<RealCluster> {
    const cluster = own ?? (await clusterFromEnvironment());
    const folder = await mkdtemp(join(tmpdir(), 'ka-'));
    const kubeconfig = await backendKubeconfig(cluster, {
      file: join(folder, 'kubeconfig.yaml'),
    });
    return new RealCluster(cluster, folder, kubeconfig);
  }

  private constructor(
    readonly cluster: Cluster,
    readonly folder: string,
    /** The back end's own, with no more than its rights. */
    readonly kubeconfig: string,
  ) {}

  /** New connections, as of a process that has just started; with the rights of the back end unless told otherwise. */
  clusters(kubeconfig: string = this.kubeconfig): ConfiguredClusters {
    return new ConfiguredClusters({
      clusters: [
        {
          name: 'test',
          title: 'Test',
          credential: { kind: 'kubeconfig', file: kubeconfig },
          grantNamespace: GRANT_NAMESPACE,
        },
      ],
      clock: new SystemClock(),
      logger: mockServices.logger.mock(),
    });
  }

  /** Connects and waits until the cluster is ready. */
  async ready(
    clusters: ConfiguredClusters = this.clusters(),
  ): Promise<ClusterConnection> {
    const isReady = new Promise<ClusterConnection>(resolve => {
      clusters.onReady(resolve);
    });
    clusters.start();
    return isReady;
  }

  /** Runs kubectl as administrator. */
  async kubectl(args: string[], input?: object): Promise<string> {
    return kubectl(
      this.cluster,
      args,
      input && { input: JSON.stringify(input) },
    );
  }

  async getJson<T>(args: string[]): Promise<T> {
    return JSON.parse(await this.kubectl(['get', ...args, '--output=json']));
  }

  async apply(object: object): Promise<void> {
    await this.kubectl(['apply', '--filename=-'], object);
  }

  /** Whether a ServiceAccount of the grant namespace may do that, as the cluster itself says. */
  async may(account: string, ...what: string[]): Promise<boolean> {
    const answer = await this.kubectl([
      'auth',
      'can-i',
      ...what,
      `--as=system:serviceaccount:${GRANT_NAMESPACE}:${account}`,
    ]).catch(() => 'no');
    return answer.trim() === 'yes';
  }

  /** What there is of grants of a request, e.g. `role.rbac.authorization.k8s.io/…`. */
  async grantObjects(requestId: string): Promise<string[]> {
    const names = await this.kubectl([
      'get',
      'serviceaccounts,roles,rolebindings',
      '--all-namespaces',
      `--selector=kubernetes-access.io/request=${requestId}`,
      '--output=name',
    ]);
    return names.split('\n').filter(Boolean);
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
