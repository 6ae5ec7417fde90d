import {
  clusterFromEnvironment,
  kubectl,
} from '@kubernetes-access/dev-cluster';
import { LABELS } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/** Runs kubectl as the cluster's administrator: to look at what is really there. */
export async function inCluster(...args: string[]): Promise<string> {
  return kubectl(await clusterFromEnvironment(), args);
}

/** The names of all objects of a request's grant, e.g. `role.rbac…/kubernetes-access-ada-…`. */
export async function grantObjectsOf(requestId: string): Promise<string[]> {
  const output = await inCluster(
    'get',
    'serviceaccounts,roles,rolebindings',
    '--all-namespaces',
    '--selector',
    `${LABELS.request}=${requestId}`,
    '--output',
    'name',
  );
  return output.split('\n').filter(Boolean);
}

/** The names of the pods that the Role of a request's grant reaches in a namespace. */
export async function podsReachedBy(
  requestId: string,
  namespace: string,
): Promise<string[]> {
  const roles = JSON.parse(
    await inCluster(
      'get',
      'roles',
      '--namespace',
      namespace,
      '--selector',
      `${LABELS.request}=${requestId}`,
      '--output',
      'json',
    ),
  );
  const names: string[] = roles.items.flatMap(
    (role: { rules: Array<{ resourceNames: string[] }> | null }) =>
      (role.rules ?? []).flatMap(({ resourceNames }) => resourceNames),
  );
  return [...new Set(names)].sort();
}

/** The names of a component's pods that are not on their way out. */
export async function podsOf(
  component: string,
  namespace: string,
): Promise<string[]> {
  const pods = JSON.parse(
    await inCluster(
      'get',
      'pods',
      '--namespace',
      namespace,
      '--selector',
      `backstage.io/kubernetes-id=${component}`,
      '--output',
      'json',
    ),
  );
  return pods.items
    .filter(
      (pod: { metadata: { deletionTimestamp?: string } }) =>
        !pod.metadata.deletionTimestamp,
    )
    .map((pod: { metadata: { name: string } }) => pod.metadata.name)
    .sort();
}
