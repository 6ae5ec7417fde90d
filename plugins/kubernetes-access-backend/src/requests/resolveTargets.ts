import type { Entity } from '@backstage/catalog-model';
import {
  KUBERNETES_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION,
} from '@backstage/plugin-kubernetes-common';
import type {
  AccessProblem,
  ClusterSummary,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { PROBLEMS } from './problems';
import { parsePodSelector } from './podSelector';

/** The kubernetes plugin's annotations that its common package does not export. */
const NAMESPACE_ANNOTATION = 'backstage.io/kubernetes-namespace';
const CLUSTER_ANNOTATION = 'backstage.io/kubernetes-cluster';

const LABEL_VALUE = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Where an entity says that its pods are. */
export interface ResolvedTarget {
  cluster: ClusterSummary;
  namespace: string;
  podSelector: string;
  /** Set when nothing can be asked for here; the rest is then as good as it is known. */
  problem?: AccessProblem;
}

/** Either a problem of the entity as a whole, or its targets. */
export interface Resolution {
  problem?: AccessProblem;
  targets: ResolvedTarget[];
}

/**
 * Reads from an entity's annotations where its pods are, as the kubernetes plugin understands them: a label selector
 * of its own wins over the id; without a cluster the entity is in every cluster.
 * Other than there, a namespace must be named, because access is given per namespace.
 */
export function resolveTargets(
  entity: Entity,
  options: { clusters: ClusterSummary[]; excludedNamespaces: string[] },
): Resolution {
  const annotations = entity.metadata.annotations ?? {};
  const id = annotations[KUBERNETES_ANNOTATION]?.trim();
  const podSelector = selectorOf(annotations);
  if (podSelector === undefined) {
    return { problem: PROBLEMS.noAnnotations(), targets: [] };
  }
  if (options.clusters.length === 0) {
    return { problem: PROBLEMS.noClusters(), targets: [] };
  }
  // An id becomes a label's value: nothing in it may become a requirement of its own.
  if (!hasOwnSelector(annotations) && !LABEL_VALUE.test(id ?? '')) {
    return {
      problem: PROBLEMS.badSelector(`'${id}' is not an id that a pod can have`),
      targets: [],
    };
  }
  const requirements = parsePodSelector(podSelector);
  if (typeof requirements === 'string') {
    return { problem: PROBLEMS.badSelector(requirements), targets: [] };
  }
  const clusterName = annotations[CLUSTER_ANNOTATION]?.trim();
  const clusters = options.clusters.filter(
    ({ name }) => !clusterName || name === clusterName,
  );
  if (clusters.length === 0) {
    return { problem: PROBLEMS.unknownCluster(clusterName), targets: [] };
  }
  const namespace = annotations[NAMESPACE_ANNOTATION]?.trim() ?? '';
  const problem = problemOfNamespace(namespace, options.excludedNamespaces);
  return {
    targets: clusters.map(cluster => ({
      cluster,
      namespace,
      podSelector,
      ...(problem ? { problem } : {}),
    })),
  };
}

function hasOwnSelector(annotations: Record<string, string>): boolean {
  return annotations[KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION] !== undefined;
}

function selectorOf(annotations: Record<string, string>): string | undefined {
  if (hasOwnSelector(annotations)) {
    return annotations[KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION].trim();
  }
  const id = annotations[KUBERNETES_ANNOTATION];
  return id === undefined ? undefined : `${KUBERNETES_ANNOTATION}=${id.trim()}`;
}

function problemOfNamespace(
  namespace: string,
  excluded: string[],
): AccessProblem | undefined {
  if (!NAMESPACE.test(namespace)) {
    return PROBLEMS.namespaceNotNamed(namespace);
  }
  return excluded.includes(namespace)
    ? PROBLEMS.namespaceExcluded(namespace)
    : undefined;
}
