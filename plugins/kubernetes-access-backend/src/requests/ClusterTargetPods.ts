import { ServiceUnavailableError } from '@backstage/errors';
import type {
  AccessRequestTarget,
  PodSummary,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import type { Clusters, KubeClient, Pod } from '../kubernetes';
import { podsPath, summarizePod, whySuspended } from '../kubernetes';
import { MAX_PODS } from './TargetInspector';
import type { TargetPods } from './types';

/** Asks the request's cluster for the pods of the request's targets. */
export class ClusterTargetPods implements TargetPods {
  readonly #clusters: Pick<Clusters, 'byUid' | 'health'>;

  constructor(options: { clusters: Pick<Clusters, 'byUid' | 'health'> }) {
    this.#clusters = options.clusters;
  }

  /** @throws ServiceUnavailableError when the cluster does not answer */
  async matching(request: StoredRequest): Promise<PodSummary[]> {
    const connection = this.#clusters.byUid(request.terms.clusterUid);
    if (!connection) {
      const message = whySuspended(this.#clusters, request.clusterName);
      throw message
        ? new ServiceUnavailableError(message)
        : unavailable(request);
    }
    try {
      const found = await Promise.all(
        request.terms.targets.map(target => podsOf(connection.client, target)),
      );
      return found.flat().slice(0, MAX_PODS).map(summarizePod);
    } catch (error) {
      throw unavailable(request, error);
    }
  }
}

async function podsOf(
  client: KubeClient,
  { namespace, podSelector, pods }: AccessRequestTarget,
): Promise<Pod[]> {
  const { items } = await client.list<Pod>(
    podsPath(namespace),
    podSelector ? { labelSelector: podSelector } : {},
  );
  return podSelector
    ? items
    : items.filter(({ metadata }) => pods?.includes(metadata.name));
}

function unavailable(
  { clusterName }: StoredRequest,
  cause?: unknown,
): ServiceUnavailableError {
  return new ServiceUnavailableError(
    `The pods of ${clusterName} cannot be read now; try again in a moment`,
    cause,
  );
}
