import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../../database/types';
import { accessRequestsPath } from '../../kubernetes';
import type { PodChoice } from '../choosePods';
import type { GrantContext } from '../GrantContext';
import { buildStatus, isSameStatus } from '../status';

/** Writes what is known of the request to the status of its resource, unless it says so already. */
export async function mirrorStatus(
  { connection }: GrantContext,
  options: {
    request: StoredRequest;
    now: Date;
    resource: AccessRequestResource;
    pods?: PodChoice;
  },
): Promise<AccessRequestResource> {
  const { resource, ...rest } = options;
  const status = buildStatus({
    ...rest,
    grantNamespace: connection.grantNamespace,
    generation: resource.metadata.generation,
    previous: resource.status,
  });
  if (isSameStatus(resource.status, status)) {
    return resource;
  }
  const { uid, resourceVersion } = resource.metadata;
  return connection.client.patch<AccessRequestResource>(
    `${accessRequestsPath(resource.metadata.name)}/status`,
    'merge',
    { metadata: { uid, resourceVersion }, status },
  );
}
