import type {
  AccessProblem,
  AccessProblemCode,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { OWNERS_ANNOTATION } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/** Every reason for which nothing can be asked for, each with its one wording for API, UI and audit trail. */
export const PROBLEMS = {
  noClusters: () =>
    problem(
      'no-clusters',
      'No cluster is connected to Kubernetes Access yet. The platform team can connect one in app-config under kubernetesAccess.clusters.',
    ),
  noAnnotations: () =>
    problem(
      'no-annotations',
      'This entity does not say which pods are its own. Add the annotation backstage.io/kubernetes-id or backstage.io/kubernetes-label-selector to its catalog file.',
    ),
  badSelector: (why: string) =>
    problem(
      'no-annotations',
      `${why}. Correct the annotation backstage.io/kubernetes-label-selector or backstage.io/kubernetes-id of this entity.`,
    ),
  unknownCluster: (name: string | undefined) =>
    problem(
      'unknown-cluster',
      `This entity names the cluster '${name}' in its annotation backstage.io/kubernetes-cluster, but no cluster of that name is connected to Kubernetes Access.`,
    ),
  clusterUnreachable: (title: string, why?: string) =>
    problem(
      'cluster-unreachable',
      `The cluster ${title} cannot be used now${
        why ? `: ${why.replace(/\.$/, '')}` : ''
      }. Try again in a few minutes, or ask the platform team.`,
    ),
  namespaceNotNamed: (namespace: string) =>
    problem(
      'namespace-missing',
      namespace
        ? `'${namespace}' in the annotation backstage.io/kubernetes-namespace is not the name of a namespace. Correct it in this entity's catalog file.`
        : "This entity does not say in which namespace its pods are. Add the annotation backstage.io/kubernetes-namespace to this entity's catalog file.",
    ),
  namespaceMissing: (namespace: string, cluster: string) =>
    problem(
      'namespace-missing',
      `There is no namespace ${namespace} in the cluster ${cluster}, or Kubernetes Access is not installed for it. The platform team can add it to the namespaces of the chart.`,
    ),
  namespaceExcluded: (namespace: string) =>
    problem(
      'namespace-excluded',
      `Nobody gets access to the namespace ${namespace} in this way.`,
    ),
  noConsent: (namespace: string, owners: string[]) =>
    problem(
      'no-consent',
      `The namespace ${namespace} does not name ${owners.join(
        ' or ',
      )} as an owner yet. The platform team can allow it with the annotation ${OWNERS_ANNOTATION}: ${owners.join(
        ', ',
      )} on the namespace.`,
    ),
  noOwner: () =>
    problem(
      'no-owner',
      'Nobody can approve this: the entity has no owner in the catalog. Set spec.owner in its catalog file, or ask the platform team.',
    ),
  noApprover: () =>
    problem(
      'no-approver',
      'Nobody but you could approve this. Add somebody to the owning group, or ask the platform team for fallback approvers.',
    ),
  tooFewApprovers: (needed: number) =>
    problem(
      'no-approver',
      `This needs ${needed} approvals, and fewer people than that could give one. Add somebody to the owning group, or ask the platform team.`,
    ),
  notPermitted: () =>
    problem(
      'not-permitted',
      'You are not permitted to ask for access to this entity. The platform team decides that in the permission policy.',
    ),
  notUsable: () =>
    problem(
      'not-permitted',
      'The permission policy would not let you use this access. Ask for less time or for another place, or ask the platform team.',
    ),
  guest: () =>
    problem(
      'not-permitted',
      'Guests cannot ask for access, because nobody could tell who it was. Sign in as yourself.',
    ),
} as const;

function problem(code: AccessProblemCode, message: string): AccessProblem {
  return { code, message };
}
