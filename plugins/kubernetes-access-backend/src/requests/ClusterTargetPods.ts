import { ServiceUnavailableError } from '@backstage/errors';
import type { PodSummary } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import type { Clusters, Pod } from '../kubernetes';
import { podsPath, summarizePod } from '../kubernetes';
import { MAX_PODS } from './TargetInspector';
import type { TargetPods } from './types';

/** Asks the request's cluster for the pods of the request's targets. */
export class ClusterTargetPods implements TargetPods {
  readonly #clusters: Pick<Clusters, 'byUid'>;

  constructor(options: { clusters: Pick<Clusters, 'byUid'> }) {
    this.#clusters = options.clusters;
  }

  /** @throws ServiceUnavailableError when the cluster does not answer */
  async matching(request: StoredRequest): Promise<PodSummary[]> {
    const connection = this.#clusters.byUid(request.terms.clusterUid);
    if (!connection) {
      throw new ServiceUnavailableError(
        `The cluster ${request.clusterName} cannot be reached now; try again in a moment`,
      );
    }
    const found = await Promise.all(
      request.terms.targets.map(async ({ namespace, podSelector, pods }) => {
        const { items } = await connection.client.list<Pod>(
          podsPath(namespace),
          podSelector ? { labelSelector: podSelector } : {},
        );
        return podSelector
          ? items
          : items.filter(({ metadata }) => pods?.includes(metadata.name));
      }),
    );
    return found.flat().slice(0, MAX_PODS).map(summarizePod);
  }
}
