import {
  ANNOTATIONS,
  GRANT_NAME_PREFIX,
  LABELS,
  MANAGED_BY,
  isTerminal,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import { grantName } from '../grants';
import type { KubeObject } from '../kubernetes';

/** The request that an object says it belongs to. */
export function requestIdOf({ metadata }: KubeObject): string | undefined {
  return metadata.labels?.[LABELS.request];
}

/**
 * Whether an object carries everything that objects of our grants carry: the prefix, the labels of this installation
 * and an AccessRequest as its owner. Anything else is not ours to touch.
 */
export function isOfOurGrants(
  { metadata }: KubeObject,
  installationId: string,
): boolean {
  const owner = metadata.ownerReferences?.find(
    ({ kind }) => kind === 'AccessRequest',
  );
  return (
    metadata.name.startsWith(GRANT_NAME_PREFIX) &&
    metadata.labels?.[LABELS.managedBy] === MANAGED_BY &&
    metadata.labels?.[LABELS.installation] === installationId &&
    Boolean(metadata.labels?.[LABELS.request]) &&
    owner !== undefined &&
    owner.uid === metadata.annotations?.[ANNOTATIONS.requestUid]
  );
}

/**
 * Whether an object of our grants belongs to no grant: its request is unknown, has ended and is cleaned up, or never
 * had an object of this name. What belongs to a request that is still looked after is left to that.
 */
export function isOrphan(
  object: KubeObject,
  request: StoredRequest | undefined,
  now: Date,
): boolean {
  if (!request?.observed.resourceUid) {
    return true;
  }
  const { observed, requester, id } = request;
  const name = grantName(requester, id, observed.resourceUid ?? '');
  const state = stateAt(request, observed, now);
  return (
    object.metadata.name !== name ||
    !state.startsAt ||
    (isTerminal(state.phase) && observed.removal.state === 'removed')
  );
}
