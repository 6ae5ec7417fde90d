import type { AccessRequestTarget } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { KubeClient, Pod } from '../kubernetes';
import { podsPath } from '../kubernetes';

/** Reads the pods that the targets of a request match now, by namespace. */
export async function matchingPods(
  client: KubeClient,
  targets: readonly AccessRequestTarget[],
): Promise<Map<string, Pod[]>> {
  const found = await Promise.all(
    targets.map(async target => ({
      namespace: target.namespace,
      pods: await podsOf(client, target),
    })),
  );
  const byNamespace = new Map<string, Pod[]>();
  for (const { namespace, pods } of found) {
    byNamespace.set(namespace, [
      ...(byNamespace.get(namespace) ?? []),
      ...pods,
    ]);
  }
  return byNamespace;
}

async function podsOf(
  client: KubeClient,
  { namespace, podSelector, pods }: AccessRequestTarget,
): Promise<Pod[]> {
  if (podSelector) {
    const { items } = await client.list<Pod>(podsPath(namespace), {
      labelSelector: podSelector,
    });
    return items;
  }
  if (!pods?.length) {
    // A target that names nothing means nothing, never everything.
    return [];
  }
  const { items } = await client.list<Pod>(podsPath(namespace));
  return items.filter(pod => pods.includes(pod.metadata.name));
}
