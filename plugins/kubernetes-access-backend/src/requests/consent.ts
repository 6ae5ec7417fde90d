import type { Entity } from '@backstage/catalog-model';
import { RELATION_OWNED_BY } from '@backstage/catalog-model';
import { OWNERS_ANNOTATION } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { KubernetesAccessOptions } from '../config';
import type { Namespace } from '../kubernetes/types';
import { normaliseEntityRefs } from './entityRefs';

/** The owners of an entity as its relations in the catalog say, normalised. */
function ownersOf(entity: Entity): string[] {
  const relations = entity.relations ?? [];
  return normaliseEntityRefs(
    relations
      .filter(({ type }) => type === RELATION_OWNED_BY)
      .map(({ targetRef }) => targetRef),
  );
}

/** Who answers for an entity: its owners, or the fallback approvers where it has none. */
export function responsibleFor(
  entity: Entity,
  fallbackApprovers: string[],
): string[] {
  const owners = ownersOf(entity);
  return owners.length > 0 ? owners : fallbackApprovers;
}

/**
 * The owners that the cluster's side names for a namespace: in the namespace's own annotation, which only
 * people of the cluster can write, or in app-config. What cannot be read names nobody.
 */
export function ownersOfNamespace(
  namespace: Namespace,
  clusterName: string,
  targets: KubernetesAccessOptions['targets'],
): string[] {
  const annotation = namespace.metadata.annotations?.[OWNERS_ANNOTATION] ?? '';
  const configured = targets
    .filter(
      ({ cluster, namespaces }) =>
        cluster === clusterName && namespaces.includes(namespace.metadata.name),
    )
    .flatMap(({ owners }) => owners);
  return normaliseEntityRefs(
    [...annotation.split(','), ...configured].map(ref => ref.trim()),
    'group',
  );
}

/**
 * Those of an entity's owners to whom the namespace opens. Only they can approve: the catalog alone opens
 * nothing, and an owner whom the namespace does not know must not decide for one that it knows.
 */
export function consentedOwners(
  entityOwners: string[],
  namespaceOwners: string[],
  trust: KubernetesAccessOptions['targetTrust'],
): string[] {
  return trust === 'catalog'
    ? entityOwners
    : entityOwners.filter(owner => namespaceOwners.includes(owner));
}
