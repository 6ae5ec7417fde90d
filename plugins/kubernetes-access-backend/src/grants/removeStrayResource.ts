import {
  ACCESS_REQUEST_FINALIZER,
  LABELS,
  OUTSIDE_ACTOR,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { accessRequestsPath, isNotFound } from '../kubernetes';
import type { GrantContext } from './GrantContext';
import { claimsInstallation } from './judgeResource';

/**
 * Deletes an AccessRequest that says that this installation made it, while nothing on record knows of it.
 * What belongs to it, if its record was lost, goes with it: Kubernetes collects it, and so does the sweep. One that
 * names another installation is none of our business.
 */
export async function removeStrayResource(
  {
    connection,
    audit,
    installationId,
    logger,
  }: Pick<GrantContext, 'connection' | 'audit' | 'installationId' | 'logger'>,
  resource: AccessRequestResource,
): Promise<void> {
  const { name, uid, resourceVersion, finalizers = [] } = resource.metadata;
  if (!claimsInstallation(resource, installationId)) {
    return;
  }
  const path = accessRequestsPath(name);
  const found = `AccessRequest ${name} is not on record here; it has been deleted, and with it whatever belonged to it`;
  logger.warn(`In cluster '${connection.name}': ${found}`);
  try {
    await connection.client.patch(path, 'merge', {
      metadata: {
        uid,
        resourceVersion,
        labels: { [LABELS.open]: 'false' },
        finalizers: finalizers.filter(
          finalizer => finalizer !== ACCESS_REQUEST_FINALIZER,
        ),
      },
    });
    await connection.client.delete(path, { uid });
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
  }
  await audit.append([
    {
      eventId: 'grant-repair',
      actor: OUTSIDE_ACTOR,
      outcome: 'succeeded',
      meta: {
        cluster: connection.name,
        found: [found],
        claimedRequester: resource.spec.requester,
      },
    },
  ]);
}
