import {
  SYSTEM_ACTOR,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../../database/types';
import type { GrantContext } from '../GrantContext';
import type { Facts } from '../plan';
import { removalOf } from '../removalOf';
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
    const removal = removalOf(context, request);
    // A write of it may still arrive: what comes back is seen for a while.
    context.objects.follow(request.resourceName, removal.namespaces);
    context.writer.forget(removal.name);
    await context.remover.remove(removal);
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
  context.objects.unfollow(request.resourceName);
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
