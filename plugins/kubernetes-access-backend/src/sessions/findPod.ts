import type { KubeClient, Pod } from '../kubernetes/types';
import { isNotFound, podsPath } from '../kubernetes';
import type { StoredRequest } from '../database/types';
import type { SessionPlace } from './mayOpenSession';

/** A DNS subdomain, which is what names of pods are. Keeps foreign text out of selectors and paths. */
const POD_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/**
 * Gets the pod of a session's place from the API server if it is one of the request's pods now.
 * Whether labels match a selector is the API server's word, not ours.
 */
export async function findPod(
  client: KubeClient,
  request: StoredRequest,
  place: SessionPlace,
): Promise<Pod | undefined> {
  if (!POD_NAME.test(place.pod)) {
    return undefined;
  }
  const targets = request.terms.targets.filter(
    target =>
      target.namespace === place.namespace &&
      (!target.containers || target.containers.includes(place.container)),
  );
  for (const target of targets) {
    const pod = target.podSelector
      ? await selectPod(client, place, target.podSelector)
      : await getNamedPod(client, place, target.pods ?? []);
    if (pod) {
      return pod;
    }
  }
  return undefined;
}

async function selectPod(
  client: KubeClient,
  place: SessionPlace,
  labelSelector: string,
): Promise<Pod | undefined> {
  const { items } = await client.list<Pod>(podsPath(place.namespace), {
    labelSelector,
    fieldSelector: `metadata.name=${place.pod}`,
  });
  return items.find(pod => pod.metadata.name === place.pod);
}

async function getNamedPod(
  client: KubeClient,
  place: SessionPlace,
  names: string[],
): Promise<Pod | undefined> {
  if (!names.includes(place.pod)) {
    return undefined;
  }
  try {
    return await client.get<Pod>(podsPath(place.namespace, place.pod));
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}
