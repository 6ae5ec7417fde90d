const NAME = 'kubernetes-tab';
const NAMESPACE = 'backstage-kubernetes-tab';

/** What the neighbour's tab shows, and nothing that could be a secret. */
const RULES = [
  {
    apiGroups: [''],
    resources: ['pods', 'pods/log', 'services', 'events'],
    verbs: ['get', 'list', 'watch'],
  },
  {
    apiGroups: ['apps'],
    resources: ['deployments', 'replicasets'],
    verbs: ['get', 'list', 'watch'],
  },
];

/** Where the neighbour's identity lives. */
export const tabReader = { name: NAME, namespace: NAMESPACE };

/** An identity for the kubernetes plugin's tab, apart from ours: it reads the demo's namespaces and changes nothing. */
export function kubernetesTabReader(namespaces: readonly string[]) {
  const rbac = 'rbac.authorization.k8s.io';
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: NAMESPACE },
      },
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: NAME, namespace: NAMESPACE },
      },
      {
        apiVersion: `${rbac}/v1`,
        kind: 'ClusterRole',
        metadata: { name: NAME },
        rules: RULES,
      },
      ...namespaces.map(namespace => ({
        apiVersion: `${rbac}/v1`,
        kind: 'RoleBinding',
        metadata: { name: NAME, namespace },
        roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: NAME },
        subjects: [
          { kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE },
        ],
      })),
    ],
  };
}
