import type { Pod } from '../kubernetes/types';

/** A Role that named more pods would become slow to evaluate and impossible to review. */
export const MAX_PODS_PER_GRANT = 200;

const FINISHED_PHASES = ['Succeeded', 'Failed'];

/** The pods that a grant reaches. */
export interface PodChoice {
  /** Names by namespace, sorted. */
  names: Map<string, string[]>;
  /** How many the grant reaches. */
  chosen: number;
  /** How many match. */
  matching: number;
}

/**
 * Chooses the pods that a grant reaches from those that match: all of them up to
 * {@link MAX_PODS_PER_GRANT}, those that have finished last.
 */
export function choosePods(
  matching: ReadonlyMap<string, readonly Pod[]>,
): PodChoice {
  const byNamespaceAndName = new Map<string, { namespace: string; pod: Pod }>();
  for (const [namespace, pods] of matching) {
    for (const pod of pods) {
      byNamespaceAndName.set(`${namespace}/${pod.metadata.name}`, {
        namespace,
        pod,
      });
    }
  }
  const ordered = [...byNamespaceAndName.entries()]
    .sort(
      ([a, { pod: podA }], [b, { pod: podB }]) =>
        rank(podA) - rank(podB) || (a < b ? -1 : 1),
    )
    .slice(0, MAX_PODS_PER_GRANT);
  const names = new Map<string, string[]>();
  for (const namespace of matching.keys()) {
    names.set(
      namespace,
      ordered
        .filter(([, entry]) => entry.namespace === namespace)
        .map(([, entry]) => entry.pod.metadata.name)
        .sort(),
    );
  }
  return {
    names,
    chosen: ordered.length,
    matching: byNamespaceAndName.size,
  };
}

function rank(pod: Pod): number {
  return FINISHED_PHASES.includes(pod.status?.phase ?? '') ? 1 : 0;
}
