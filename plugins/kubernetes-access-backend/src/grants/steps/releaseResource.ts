import {
  ACCESS_REQUEST_FINALIZER,
  LABELS,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../../database/types';
import { accessRequestsPath } from '../../kubernetes';
import type { GrantContext } from '../GrantContext';
import { claimsInstallation } from '../judgeResource';
import { readResource } from '../readResource';
import { mirrorStatus } from './mirrorStatus';

/**
 * Says in the resource that nothing is left and lets go of it: without the finalizer it may be deleted, and without
 * the label nobody watches it any more. Another resource that took its name is left alone.
 */
export async function releaseResource(
  context: GrantContext,
  request: StoredRequest,
  now: Date,
): Promise<void> {
  const resource = await readResource(context, request.resourceName);
  if (!resource || !isOurs(context, request, resource)) {
    return;
  }
  const removal = { state: 'removed' as const, at: now.toISOString() };
  const written = await mirrorStatus(context, {
    request: {
      ...request,
      observed: { ...request.observed, removal, message: undefined },
    },
    now,
    resource,
  });
  const released = await context.connection.client.patch<AccessRequestResource>(
    accessRequestsPath(request.resourceName),
    'merge',
    {
      metadata: {
        uid: written.metadata.uid,
        resourceVersion: written.metadata.resourceVersion,
        labels: { [LABELS.open]: 'false' },
        finalizers: (written.metadata.finalizers ?? []).filter(
          finalizer => finalizer !== ACCESS_REQUEST_FINALIZER,
        ),
      },
    },
    { lane: 'removal' },
  );
  context.resources.note(released);
}

function isOurs(
  { installationId }: GrantContext,
  { observed }: StoredRequest,
  resource: AccessRequestResource,
): boolean {
  return observed.resourceUid
    ? resource.metadata.uid === observed.resourceUid
    : claimsInstallation(resource, installationId);
}
