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

/** Removing the samples from a cluster of somebody's own removes this as well. */
const LABELS = { 'app.kubernetes.io/part-of': 'kubernetes-access-samples' };

const RBAC = 'rbac.authorization.k8s.io';

/** Where the neighbour's identity lives. */
export const tabReader = { name: NAME, namespace: NAMESPACE };

/** An identity for the kubernetes plugin's tab, apart from ours: it reads the demo's namespaces and changes nothing. */
export function kubernetesTabReader(namespaces: readonly string[]) {
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: NAMESPACE, labels: LABELS },
      },
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: NAME, namespace: NAMESPACE },
      },
      ...namespaces.flatMap(readNamespace),
    ],
  };
}

function readNamespace(namespace: string) {
  const metadata = { name: NAME, namespace };
  return [
    { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata, rules: RULES },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: RBAC, kind: 'Role', name: NAME },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
    },
  ];
}
