import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import type { Clock } from '../controller/Clock';
import type { StoredRequest } from '../database/types';
import type { ClusterConnection } from '../kubernetes';
import { isNotFound, rolesPath } from '../kubernetes';
import { choosePods } from './choosePods';
import { matchingPods } from './matchingPods';
import { grantName } from './names';
import type { Role } from './objects';

/** Pods that appear are added after a quarter of a second; a leader that takes longer than this has other troubles. */
const PATIENCE_MS = 2_000;
const LOOK_EVERY_MS = 100;

/**
 * Waits until the process that looks after a cluster has added a pod to a grant. For those that do not look after it.
 *
 * @throws NotFoundError when the pod is not one that the request reaches
 * @throws ServiceUnavailableError when it was not added in time
 */
export async function waitForPod(input: {
  connection: ClusterConnection;
  request: StoredRequest;
  namespace: string;
  pod: string;
  clock: Clock;
  /** Who looks after the cluster, as far as it is known. */
  leader: string | undefined;
}): Promise<void> {
  const { connection, request, namespace, pod, clock, leader } = input;
  const deadline = clock.monotonic() + PATIENCE_MS;
  if (await isNamed(input)) {
    return;
  }
  const { names } = choosePods(
    await matchingPods(connection.client, request.terms.targets),
  );
  if (!names.get(namespace)?.includes(pod)) {
    throw notReached(request, namespace, pod);
  }
  while (clock.monotonic() < deadline) {
    await new Promise<void>(resolve => {
      clock.schedule(LOOK_EVERY_MS, resolve);
    });
    if (await isNamed(input)) {
      return;
    }
  }
  throw new ServiceUnavailableError(
    leader
      ? `The Backstage process that looks after cluster '${connection.title}' has not added the pod '${namespace}/${pod}' to the access yet; try again in a moment`
      : `No Backstage process looks after cluster '${connection.title}' at the moment, so the pod '${namespace}/${pod}' cannot be added to the access; another one takes over within half a minute`,
  );
}

/** What somebody hears who asks for a pod that is none of the request's. */
export function notReached(
  request: StoredRequest,
  namespace: string,
  pod: string,
): NotFoundError {
  return new NotFoundError(
    `Pod '${namespace}/${pod}' is not one that request '${request.id}' reaches now`,
  );
}

async function isNamed(input: {
  connection: ClusterConnection;
  request: StoredRequest;
  namespace: string;
  pod: string;
}): Promise<boolean> {
  const { connection, request, namespace, pod } = input;
  const { resourceUid = '' } = request.observed;
  const name = grantName(request.requester, request.id, resourceUid);
  try {
    const { rules } = await connection.client.get<Role>(
      rolesPath(namespace, name),
    );
    return (rules ?? []).some(({ resourceNames }) =>
      resourceNames?.includes(pod),
    );
  } catch (error) {
    if (isNotFound(error)) {
      return false;
    }
    throw error;
  }
}
