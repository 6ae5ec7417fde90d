import {
  SYSTEM_ACTOR,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { GrantContext } from '../GrantContext';
import type { Facts } from '../plan';

/** Commits when the grant starts and expires. Not one of its objects is written before that. */
export async function commitStart(
  { store, connection }: GrantContext,
  facts: Facts,
): Promise<void> {
  await store.change(facts.request.id, (request, now) => {
    const state = stateAt(request, request.observed, now);
    if (state.phase !== 'Approved' || state.startsAt) {
      return {};
    }
    const startsAt = now.toISOString();
    const expiresAt = new Date(
      now.getTime() + request.terms.durationSeconds * 1000,
    ).toISOString();
    return {
      entries: [{ kind: 'started', actor: SYSTEM_ACTOR, startsAt, expiresAt }],
      audit: [
        {
          eventId: 'grant-start',
          actor: SYSTEM_ACTOR,
          outcome: 'succeeded',
          requestId: request.id,
          meta: {
            cluster: connection.name,
            requester: request.requester,
            approvedBy: state.approvedBy,
            startsAt,
            expiresAt,
          },
        },
      ],
    };
  });
}
