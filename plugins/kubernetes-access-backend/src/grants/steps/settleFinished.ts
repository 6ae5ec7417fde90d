import {
  ACCESS_REQUEST_FINALIZER,
  LABELS,
  SYSTEM_ACTOR,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../../database/types';
import type { GrantContext } from '../GrantContext';
import { claimsInstallation } from '../judgeResource';
import type { Facts } from '../plan';
import { readResource } from '../readResource';
import { removalOf } from '../removalOf';
import { removeStrayResource } from '../removeStrayResource';
import { mirrorStatus } from './mirrorStatus';
import { releaseResource } from './releaseResource';

/**
 * Whatever somebody does to the resource of a request that has ended, it stays ended and let go of; and whatever comes
 * back of its grant, by hand or with a write that was under way for long, goes again.
 */
export async function settleFinished(
  context: GrantContext,
  { request, now }: Facts,
): Promise<void> {
  await removeWhatCameBack(context, request);
  const resource = await readResource(context, request.resourceName);
  if (!resource || !claimsInstallation(resource, context.installationId)) {
    return;
  }
  if (resource.metadata.uid !== request.observed.resourceUid) {
    await removeStrayResource(context, resource);
    return;
  }
  if (isHeld(resource)) {
    await releaseResource(context, request, now);
    return;
  }
  await mirrorStatus(context, { request, now, resource });
}

async function removeWhatCameBack(
  context: GrantContext,
  request: StoredRequest,
): Promise<void> {
  const { remover, objects, audit, connection, logger } = context;
  const removal = removalOf(context, request);
  if (!objects.sees(removal) || !(await remover.isLeft(removal))) {
    return;
  }
  await remover.remove(removal);
  const found = `Something of the grant ${removal.name} was there again after its removal; it has been removed`;
  logger.warn(`In cluster '${connection.name}': ${found}`);
  await audit.append([
    {
      eventId: 'grant-repair',
      actor: SYSTEM_ACTOR,
      outcome: 'succeeded',
      requestId: request.id,
      meta: { cluster: connection.name, found: [found] },
    },
  ]);
}

function isHeld({ metadata }: AccessRequestResource): boolean {
  return (
    metadata.labels?.[LABELS.open] === 'true' ||
    (metadata.finalizers ?? []).includes(ACCESS_REQUEST_FINALIZER)
  );
}
