import {
  ACCESS_REQUEST_FINALIZER,
  ANNOTATIONS,
  API_GROUP,
  API_VERSION,
  LABELS,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type {
  AccessRequestResource,
  AccessRequestSpec,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import { grantLabels } from './buildGrant';

/** Builds the image of a request in the cluster that it opens. It reports; the record decides. */
export function buildResource(
  request: Pick<StoredRequest, 'id' | 'terms' | 'digest' | 'resourceName'>,
  installationId: string,
): AccessRequestResource {
  return {
    apiVersion: `${API_GROUP}/${API_VERSION}`,
    kind: 'AccessRequest',
    metadata: {
      name: request.resourceName,
      labels: {
        ...grantLabels(installationId, request),
        [LABELS.open]: 'true',
      },
      annotations: {
        [ANNOTATIONS.requester]: request.terms.requester,
        [ANNOTATIONS.entity]: request.terms.entityRef,
      },
      finalizers: [ACCESS_REQUEST_FINALIZER],
    },
    spec: buildSpec(request),
  };
}

/** The spec of a request's resource, which never changes. */
export function buildSpec(
  request: Pick<StoredRequest, 'terms' | 'digest'>,
): AccessRequestSpec {
  const { terms, digest } = request;
  return {
    requester: terms.requester,
    entityRef: terms.entityRef,
    targets: terms.targets,
    accessLevel: terms.accessLevel,
    reason: terms.reason,
    duration: `${terms.durationSeconds}s`,
    policy: terms.policy,
    digest,
  };
}
