import { stateAt } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AccessRequestFacts } from '@kubernetes-access/backstage-plugin-kubernetes-access-node';
import type { NewRequest, StoredRequest } from '../database/types';

/** What the rules judge a request by, as of `now`. */
export function factsOf(request: StoredRequest, now: Date): AccessRequestFacts {
  return {
    ...factsOfTerms(request),
    phase: stateAt(request, request.observed, now).phase,
  };
}

/** What the rules would judge by when it is granted. */
export function factsOnceGranted(request: NewRequest): AccessRequestFacts {
  return { ...factsOfTerms(request), phase: 'Active' };
}

function factsOfTerms({
  id,
  terms,
  clusterName,
  approvers,
}: Pick<StoredRequest, 'id' | 'terms' | 'clusterName' | 'approvers'>): Omit<
  AccessRequestFacts,
  'phase'
> {
  return {
    id,
    requester: terms.requester,
    entityRef: terms.entityRef,
    cluster: clusterName,
    namespaces: terms.targets.map(({ namespace }) => namespace),
    durationSeconds: terms.durationSeconds,
    approvers,
  };
}
