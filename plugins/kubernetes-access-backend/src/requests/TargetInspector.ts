import type {
  AccessProblem,
  ClusterSummary,
  PodSummary,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { KubernetesAccessOptions } from '../config';
import type {
  ClusterConnection,
  Clusters,
  Namespace,
  Pod,
} from '../kubernetes';
import {
  isForbidden,
  isNotFound,
  namespacePath,
  podsPath,
  summarizePod,
} from '../kubernetes';
import { consentedOwners, ownersOfNamespace } from './consent';
import { PROBLEMS } from './problems';

/** How many pods a request reaches, and how many are shown before it is made. */
export const MAX_PODS = 200;

/** A page that somebody waits for gives up on a slow cluster soon. */
const TIMEOUT_MS = 5_000;

/** A namespace that opens to some of an entity's owners, or why it does not. */
export type Inspection =
  | { connection: ClusterConnection; owners: string[]; problem?: undefined }
  | { problem: AccessProblem };

/** What a cluster says of a namespace. */
type Seen =
  | { connection: ClusterConnection; object: Namespace; problem?: undefined }
  | { problem: AccessProblem };

/** Asks clusters what they say about a target. */
export class TargetInspector {
  readonly #clusters: Clusters;
  readonly #options: Pick<KubernetesAccessOptions, 'targets' | 'targetTrust'>;

  constructor(options: {
    clusters: Clusters;
    targets: KubernetesAccessOptions['targets'];
    targetTrust: KubernetesAccessOptions['targetTrust'];
  }) {
    this.#clusters = options.clusters;
    this.#options = options;
  }

  /** The configured clusters, ready or not. */
  clusters(): ClusterSummary[] {
    return this.#clusters.health().map(({ name, title }) => ({ name, title }));
  }

  /**
   * Whether the target's namespace is there and opens to owners of the entity.
   *
   * @param owners - may still be found out while the cluster is asked; it rejects when they are not
   */
  async inspect(
    target: { clusterName: string; namespace: string },
    owners: string[] | Promise<string[]>,
  ): Promise<Inspection> {
    const [seen, entityOwners] = await Promise.all([this.#see(target), owners]);
    if (seen.problem) {
      return { problem: seen.problem };
    }
    const consented = consentedOwners(
      entityOwners,
      ownersOfNamespace(seen.object, target.clusterName, this.#options.targets),
      this.#options.targetTrust,
    );
    return consented.length > 0
      ? { connection: seen.connection, owners: consented }
      : { problem: PROBLEMS.noConsent(target.namespace, entityOwners) };
  }

  async #see({
    clusterName,
    namespace,
  }: {
    clusterName: string;
    namespace: string;
  }): Promise<Seen> {
    const health = this.#clusters
      .health()
      .find(({ name }) => name === clusterName);
    if (!health) {
      return { problem: PROBLEMS.unknownCluster(clusterName) };
    }
    if (health.state !== 'ready') {
      return {
        problem: PROBLEMS.clusterUnreachable(health.title, health.message),
      };
    }
    try {
      const connection = this.#clusters.byName(clusterName);
      const object = await connection.client.get<Namespace>(
        namespacePath(namespace),
        { timeoutMs: TIMEOUT_MS },
      );
      return { connection, object };
    } catch (error) {
      return { problem: this.#problemOf(error, namespace, health.title) };
    }
  }

  /** The pods that match now, or why that cannot be told. */
  async pods(
    connection: ClusterConnection,
    target: { namespace: string; podSelector: string },
  ): Promise<{ pods: PodSummary[]; problem?: AccessProblem }> {
    const { namespace, podSelector } = target;
    try {
      const { items } = await connection.client.list<Pod>(
        podsPath(namespace),
        { labelSelector: podSelector },
        { timeoutMs: TIMEOUT_MS },
      );
      return { pods: items.slice(0, MAX_PODS).map(summarizePod) };
    } catch (error) {
      return {
        pods: [],
        problem: this.#problemOf(error, namespace, connection.title),
      };
    }
  }

  #problemOf(
    error: unknown,
    namespace: string,
    clusterTitle: string,
  ): AccessProblem {
    return isNotFound(error) || isForbidden(error)
      ? PROBLEMS.namespaceMissing(namespace, clusterTitle)
      : PROBLEMS.clusterUnreachable(clusterTitle);
  }
}
