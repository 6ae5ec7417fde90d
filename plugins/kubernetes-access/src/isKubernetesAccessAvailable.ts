import type { Entity } from '@backstage/catalog-model';
import {
  KUBERNETES_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION,
} from '@backstage/plugin-kubernetes-common';

/** The annotations by which an entity says which pods are its own. */
const POD_ANNOTATIONS = [
  KUBERNETES_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION,
] as const;

/** Whether an entity says which pods are its own. */
export function namesPods(entity: Entity): boolean {
  return POD_ANNOTATIONS.some(
    annotation => entity.metadata.annotations?.[annotation],
  );
}

/**
 * Whether the Access tab belongs on an entity's page.
 *
 * Components have it always: one without annotations gets told how to name its pods. Resources have it once they
 * name pods, because most of them are buckets and databases that live outside of Kubernetes. No other kind runs.
 * @public
 */
export function isKubernetesAccessAvailable(entity: Entity): boolean {
  const kind = entity.kind.toLocaleLowerCase('en-US');
  return kind === 'component' || (kind === 'resource' && namesPods(entity));
}
