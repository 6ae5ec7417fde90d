import {
  ACCESS_REQUEST_FINALIZER,
  LABELS,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { GrantContext } from '../GrantContext';
import { claimsInstallation } from '../judgeResource';
import type { Facts } from '../plan';
import { readResource } from '../readResource';
import { removeStrayResource } from '../removeStrayResource';
import { releaseResource } from './releaseResource';

/** Whatever somebody does to the resource of a request that has ended, it stays ended and let go of. */
export async function settleFinished(
  context: GrantContext,
  { request, now }: Facts,
): Promise<void> {
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
  }
}

function isHeld({ metadata }: AccessRequestResource): boolean {
  return (
    metadata.labels?.[LABELS.open] === 'true' ||
    (metadata.finalizers ?? []).includes(ACCESS_REQUEST_FINALIZER)
  );
}
