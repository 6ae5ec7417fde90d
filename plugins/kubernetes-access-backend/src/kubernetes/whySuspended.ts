import type { Clusters } from './types';

/** Why a cluster must not be used although it could be reached, in words for people. */
export function whySuspended(
  clusters: Pick<Clusters, 'health'>,
  name: string,
): string | undefined {
  return clusters
    .health()
    .find(health => health.name === name && health.state === 'suspended')
    ?.message;
}
