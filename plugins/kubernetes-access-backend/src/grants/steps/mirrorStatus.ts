import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../../database/types';
import { accessRequestsPath, KubeApiError } from '../../kubernetes';
import type { PodChoice } from '../choosePods';
import type { GrantContext } from '../GrantContext';
import { buildStatus, isSameStatus } from '../status';

/** The HTTP status of a change that the rules of the CRD do not allow. */
const INVALID = 422;

/**
 * Writes what is known of the request to the status of its resource, unless it says so already. Where somebody has
 * written to the status by hand, the rules of the CRD may not let us put it right; nothing waits for that, because
 * nothing reads the status to decide.
 */
export async function mirrorStatus(
  { connection, logger }: GrantContext,
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
  const { name, uid, resourceVersion } = resource.metadata;
  try {
    return await connection.client.patch<AccessRequestResource>(
      `${accessRequestsPath(name)}/status`,
      'merge',
      { metadata: { uid, resourceVersion }, status },
    );
  } catch (error) {
    if (!(error instanceof KubeApiError) || error.status !== INVALID) {
      throw error;
    }
    logger.warn(
      `The status of AccessRequest '${name}' in cluster '${connection.name}' cannot be put right: ${error.message}`,
    );
    return resource;
  }
}
