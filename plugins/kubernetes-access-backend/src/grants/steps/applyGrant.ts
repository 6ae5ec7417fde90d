import {
  OUTSIDE_ACTOR,
  SYSTEM_ACTOR,
  isTerminal,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../../database/types';
import { buildGrant } from '../buildGrant';
import type { PodChoice } from '../choosePods';
import { choosePods } from '../choosePods';
import type { GrantContext } from '../GrantContext';
import type { Repair } from '../GrantWriter';
import { matchingPods } from '../matchingPods';
import { grantName } from '../names';
import type { Facts } from '../plan';
import { namespacesOf } from '../removalOf';
import { tooManyPods } from '../status';

/**
 * Makes the objects of the grant, or keeps them as they have to be: the Roles name the pods that match now.
 * Should the request have ended while this was under way, the next look sees that and takes everything back.
 */
export async function applyGrant(
  context: GrantContext,
  { request }: Facts,
  resourceUid: string,
): Promise<PodChoice> {
  const { connection, installationId, writer } = context;
  // Watched before they are read: nothing that changes in between is missed.
  const name = grantName(request.requester, request.id, resourceUid);
  context.pods.follow(
    request.resourceName,
    request.terms.targets,
    (namespace, pod) => writer.reaches(name, namespace, pod),
  );
  context.objects.follow(request.resourceName, namespacesOf(request.terms));
  const pods = choosePods(
    await matchingPods(connection.client, request.terms.targets),
  );
  const grant = buildGrant({
    request,
    resourceUid,
    podNames: pods.names,
    grantNamespace: connection.grantNamespace,
    installationId,
  });
  const repairs = await writer.apply(grant, !request.observed.grantedAt);
  if (repairs.length > 0) {
    await reportRepairs(context, request, repairs);
  }
  await noteGranted(context, request, grant.name, pods);
  return pods;
}

async function noteGranted(
  { store, connection }: GrantContext,
  { id, observed }: StoredRequest,
  grant: string,
  pods: PodChoice,
): Promise<void> {
  const message = pods.matching > pods.chosen ? tooManyPods(pods) : undefined;
  if (observed.grantedAt && observed.message === message) {
    return;
  }
  await store.change(id, (current, now) => {
    const state = stateAt(current, current.observed, now);
    if (isTerminal(state.phase)) {
      return {};
    }
    if (current.observed.grantedAt) {
      return current.observed.message === message
        ? {}
        : { observed: { message } };
    }
    return {
      observed: { grantedAt: now.toISOString(), message },
      audit: [
        {
          eventId: 'grant-complete',
          actor: SYSTEM_ACTOR,
          outcome: 'succeeded',
          requestId: id,
          meta: {
            cluster: connection.name,
            requester: current.requester,
            grant,
            pods: [...pods.names].flatMap(([namespace, names]) =>
              names.map(name => `${namespace}/${name}`),
            ),
            expiresAt: state.expiresAt ?? null,
          },
        },
      ],
    };
  });
}

async function reportRepairs(
  { audit, connection, logger, forgetTokens }: GrantContext,
  { id }: StoredRequest,
  repairs: Repair[],
): Promise<void> {
  forgetTokens(id);
  logger.warn(
    `Objects of the grant of request '${id}' were not as they have to be and have been put right: ${repairs.join(
      '; ',
    )}`,
  );
  await audit.append([
    {
      eventId: 'grant-repair',
      actor: OUTSIDE_ACTOR,
      outcome: 'succeeded',
      requestId: id,
      meta: { cluster: connection.name, found: repairs },
    },
  ]);
}
