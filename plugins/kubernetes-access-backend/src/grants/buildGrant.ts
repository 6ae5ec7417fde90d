import {
  ANNOTATIONS,
  API_GROUP,
  API_VERSION,
  LABELS,
  MANAGED_BY,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import type { ObjectMeta } from '../kubernetes/types';
import { grantName, refHash } from './names';
import type { GrantObjects, NamespaceGrant, PolicyRule } from './objects';

const RBAC_API_VERSION = 'rbac.authorization.k8s.io/v1';
const RBAC_GROUP = 'rbac.authorization.k8s.io';

/** What a grant is built from, beside the request. */
export interface GrantInput {
  request: Pick<StoredRequest, 'id' | 'terms' | 'resourceName'>;
  /** The UID of the request's AccessRequest, which owns everything. */
  resourceUid: string;
  /** The pods to reach, by namespace. */
  podNames: ReadonlyMap<string, readonly string[]>;
  grantNamespace: string;
  installationId: string;
}

/**
 * Builds the objects that make a grant real: one ServiceAccount, and in each target namespace a Role that names the
 * pods and its RoleBinding. The AccessRequest owns them all, so that Kubernetes cleans up should nobody else do.
 */
export function buildGrant(input: GrantInput): GrantObjects {
  const { requester, targets } = input.request.terms;
  const name = grantName(requester, input.request.id, input.resourceUid);
  const namespaces = [...new Set(targets.map(target => target.namespace))];
  return {
    name,
    serviceAccount: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: metadataOf(input, name, input.grantNamespace),
      automountServiceAccountToken: false,
    },
    namespaces: namespaces.map(namespace =>
      buildNamespaceGrant(input, name, namespace),
    ),
  };
}

function buildNamespaceGrant(
  input: GrantInput,
  name: string,
  namespace: string,
): NamespaceGrant {
  const metadata = metadataOf(input, name, namespace);
  return {
    namespace,
    role: {
      apiVersion: RBAC_API_VERSION,
      kind: 'Role',
      metadata,
      rules: rulesFor(input.podNames.get(namespace) ?? []),
    },
    roleBinding: {
      apiVersion: RBAC_API_VERSION,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: RBAC_GROUP, kind: 'Role', name },
      subjects: [
        { kind: 'ServiceAccount', name, namespace: input.grantNamespace },
      ],
    },
  };
}

/**
 * The rules of level `exec` on the named pods. Without pods there is no rule at all: to Kubernetes, a rule with an
 * empty list of names is a rule about everything.
 */
export function rulesFor(podNames: readonly string[]): PolicyRule[] {
  if (podNames.length === 0) {
    return [];
  }
  const resourceNames = [...podNames].sort();
  return [
    {
      apiGroups: [''],
      resources: ['pods/exec'],
      resourceNames,
      // From Kubernetes 1.35 on, a WebSocket needs both.
      verbs: ['get', 'create'],
    },
    {
      apiGroups: [''],
      resources: ['pods', 'pods/log'],
      resourceNames,
      verbs: ['get'],
    },
  ];
}

/** The labels by which everything of one request is found. */
export function grantLabels(
  installationId: string,
  request: Pick<StoredRequest, 'id' | 'terms'>,
): Record<string, string> {
  return {
    [LABELS.managedBy]: MANAGED_BY,
    [LABELS.installation]: installationId,
    [LABELS.request]: request.id,
    [LABELS.requesterHash]: refHash(request.terms.requester),
  };
}

function metadataOf(
  { request, resourceUid, installationId }: GrantInput,
  name: string,
  namespace: string,
): ObjectMeta {
  return {
    name,
    namespace,
    labels: grantLabels(installationId, request),
    annotations: {
      [ANNOTATIONS.requester]: request.terms.requester,
      [ANNOTATIONS.entity]: request.terms.entityRef,
      [ANNOTATIONS.requestUid]: resourceUid,
    },
    ownerReferences: [
      {
        apiVersion: `${API_GROUP}/${API_VERSION}`,
        kind: 'AccessRequest',
        name: request.resourceName,
        uid: resourceUid,
      },
    ],
  };
}
