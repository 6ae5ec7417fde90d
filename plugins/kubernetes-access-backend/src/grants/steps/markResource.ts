import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { OUTSIDE_ACTOR } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { accessRequestsPath } from '../../kubernetes';
import { buildResource } from '../buildResource';
import type { GrantContext } from '../GrantContext';
import type { Facts } from '../plan';

/** Puts right what somebody changed of the resource's labels, annotations, owners and finalizer. */
export async function markResource(
  { connection, audit, installationId, resources }: GrantContext,
  { request, resource }: Facts,
): Promise<void> {
  const wanted = buildResource(request, installationId).metadata;
  const finalizers = new Set([
    ...(resource?.metadata.finalizers ?? []),
    ...(wanted.finalizers ?? []),
  ]);
  const marked = await connection.client.patch<AccessRequestResource>(
    accessRequestsPath(request.resourceName),
    'merge',
    {
      metadata: {
        uid: resource?.metadata.uid,
        resourceVersion: resource?.metadata.resourceVersion,
        labels: wanted.labels,
        annotations: wanted.annotations,
        ownerReferences: null,
        finalizers: [...finalizers],
      },
    },
  );
  resources.note(marked);
  await audit.append([
    {
      eventId: 'grant-repair',
      actor: OUTSIDE_ACTOR,
      outcome: 'succeeded',
      requestId: request.id,
      meta: {
        cluster: connection.name,
        found: [
          `labels, annotations, owners or finalizer of AccessRequest ${request.resourceName} had been changed`,
        ],
      },
    },
  ]);
}
