import {
  ACCESS_REQUEST_FINALIZER,
  LABELS,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { canonicalJson } from '../canonicalJson';
import type { StoredRequest } from '../database/types';
import type { ObjectMeta } from '../kubernetes/types';
import { buildResource, buildSpec } from './buildResource';

/**
 * What the resource in the cluster is to its request:
 *
 * - `absent`: never made, as far as the record knows
 * - `unrecorded`: made, and exactly what we would make; its UID is not in the record yet
 * - `foreign`: under our name, but not what we would make, and never recorded as ours
 * - `gone`: it was there and is there no more
 * - `deleting`: somebody deleted it
 * - `replaced`: another one stands under its name
 * - `changed`: what it asks for is not what was asked for
 * - `blurred`: labels, annotations, owners or the finalizer are not as they should be
 * - `sound`
 */
export type ResourceStanding =
  | 'absent'
  | 'unrecorded'
  | 'foreign'
  | 'gone'
  | 'deleting'
  | 'replaced'
  | 'changed'
  | 'blurred'
  | 'sound';

/** Compares the resource in the cluster with the record. */
export function judgeResource(
  request: StoredRequest,
  resource: AccessRequestResource | undefined,
  installationId: string,
): ResourceStanding {
  const recordedUid = request.observed.resourceUid;
  if (!recordedUid) {
    return judgeUnrecorded(request, resource, installationId);
  }
  if (!resource) {
    return 'gone';
  }
  if (resource.metadata.uid !== recordedUid) {
    return 'replaced';
  }
  if (resource.metadata.deletionTimestamp) {
    return 'deleting';
  }
  if (!asksForTheSame(request, resource)) {
    return 'changed';
  }
  return isMarked(request, resource, installationId) ? 'sound' : 'blurred';
}

function judgeUnrecorded(
  request: StoredRequest,
  resource: AccessRequestResource | undefined,
  installationId: string,
): ResourceStanding {
  if (!resource) {
    return 'absent';
  }
  const isOurs =
    asksForTheSame(request, resource) &&
    isMarked(request, resource, installationId);
  if (!isOurs) {
    return 'foreign';
  }
  return resource.metadata.deletionTimestamp ? 'deleting' : 'unrecorded';
}

function asksForTheSame(
  request: StoredRequest,
  resource: AccessRequestResource,
): boolean {
  return canonicalJson(resource.spec) === canonicalJson(buildSpec(request));
}

/**
 * Others may add labels, annotations and finalizers of their own; ours must all be there. Nothing owns a request: it
 * would go with its owner.
 */
function isMarked(
  request: StoredRequest,
  resource: AccessRequestResource,
  installationId: string,
): boolean {
  const wanted = buildResource(request, installationId).metadata;
  const { labels, annotations, finalizers, ownerReferences }: ObjectMeta =
    resource.metadata;
  return (
    contains(labels, wanted.labels) &&
    contains(annotations, wanted.annotations) &&
    (finalizers ?? []).includes(ACCESS_REQUEST_FINALIZER) &&
    (ownerReferences ?? []).length === 0
  );
}

function contains(
  actual: Record<string, string> = {},
  wanted: Record<string, string> = {},
): boolean {
  return Object.entries(wanted).every(([key, value]) => actual[key] === value);
}

/** Whether a resource says that this installation made it. Anybody can write that, so it proves nothing. */
export function claimsInstallation(
  resource: { metadata: { labels?: Record<string, string> } },
  installationId: string,
): boolean {
  return resource.metadata.labels?.[LABELS.installation] === installationId;
}
