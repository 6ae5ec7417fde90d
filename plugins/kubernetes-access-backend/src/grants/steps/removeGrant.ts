import {
  SYSTEM_ACTOR,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../../database/types';
import type { GrantContext } from '../GrantContext';
import { grantName } from '../names';
import type { Facts } from '../plan';
import { releaseResource } from './releaseResource';

/**
 * Takes back whatever there is of the grant, verifies that it is gone, and lets go of the resource. Only then is the
 * removal on record: should this process die before, the next one does it again.
 */
export async function removeGrant(
  context: GrantContext,
  facts: Facts,
): Promise<void> {
  const { request, now } = facts;
  context.pods.unfollow(request.resourceName);
  const hadStarted = Boolean(stateAt(request, request.observed, now).startsAt);
  if (hadStarted) {
    await removeObjects(context, request);
  }
  await releaseResource(context, request, now);
  await context.store.change(request.id, (current, at) => {
    if (current.observed.removal.state === 'removed') {
      return {};
    }
    return {
      observed: {
        removal: { state: 'removed', at: at.toISOString() },
        message: undefined,
      },
      audit: hadStarted ? [removedEvent(context, current)] : [],
    };
  });
}

async function removeObjects(
  { connection, writer, remover, installationId }: GrantContext,
  request: StoredRequest,
): Promise<void> {
  const { requester, targets } = request.terms;
  const { resourceUid = '' } = request.observed;
  const name = grantName(requester, request.id, resourceUid);
  writer.forget(name);
  await remover.remove({
    requestId: request.id,
    name,
    grantNamespace: connection.grantNamespace,
    namespaces: [...new Set(targets.map(target => target.namespace))],
    installationId,
  });
}

function removedEvent({ connection }: GrantContext, request: StoredRequest) {
  return {
    eventId: 'grant-remove' as const,
    actor: SYSTEM_ACTOR,
    outcome: 'succeeded' as const,
    requestId: request.id,
    meta: { cluster: connection.name, requester: request.requester },
  };
}
