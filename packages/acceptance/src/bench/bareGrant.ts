import type { Place } from './ApiServer';
import type { BareClient } from './BareClient';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const GRANT_NAMESPACE = 'kubernetes-access-grants';

/** The same objects as those of a grant, written by somebody who checks nothing. */
export async function createBareGrant(
  client: BareClient,
  name: string,
  { namespace, pod }: Place,
): Promise<void> {
  const metadata = { name };
  await client.create(`/api/v1/namespaces/${GRANT_NAMESPACE}/serviceaccounts`, {
    metadata,
    automountServiceAccountToken: false,
  });
  await client.create(`${RBAC}/namespaces/${namespace}/roles`, {
    metadata,
    rules: [
      {
        apiGroups: [''],
        resources: ['pods', 'pods/log'],
        resourceNames: [pod],
        verbs: ['get'],
      },
      {
        apiGroups: [''],
        resources: ['pods/exec'],
        resourceNames: [pod],
        verbs: ['get', 'create'],
      },
    ],
  });
  await client.create(`${RBAC}/namespaces/${namespace}/rolebindings`, {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace: GRANT_NAMESPACE }],
  });
}

export async function deleteBareGrant(
  client: BareClient,
  name: string,
  { namespace }: Place,
): Promise<void> {
  await client.delete(`${RBAC}/namespaces/${namespace}/rolebindings/${name}`);
  await client.delete(`${RBAC}/namespaces/${namespace}/roles/${name}`);
  await client.delete(
    `/api/v1/namespaces/${GRANT_NAMESPACE}/serviceaccounts/${name}`,
  );
}
