/**
 * One namespace of a request with the pods that are asked for in it.
 *
 * Exactly one of `podSelector` and `pods` is set.
 * @public
 */
export interface AccessRequestTarget {
  /** The namespace of the pods. */
  namespace: string;
  /** A label selector in Kubernetes' string form, never empty, e.g. `backstage.io/kubernetes-id=payments-api`. */
  podSelector?: string;
  /** Names of single pods, at most 200. */
  pods?: string[];
  /** Names of the containers that may be entered; all of a pod's when unset. */
  containers?: string[];
}

/**
 * What a policy demanded of a request when it was made.
 * @public
 */
export interface AccessRequestPolicy {
  /** The name of the policy. */
  name: string;
  /** How many approvers must agree. */
  approvals: number;
}

/**
 * What a request lets its requester do in the target pods.
 * @public
 */
export type AccessLevel = 'exec';

/**
 * What is asked for. Never changes after the resource is created.
 * @public
 */
export interface AccessRequestSpec {
  /** The entity ref of the user who asks, e.g. `user:default/ada`. */
  requester: string;
  /** The entity whose pods are asked for, e.g. `component:default/payments-api`. */
  entityRef?: string;
  targets: AccessRequestTarget[];
  accessLevel: AccessLevel;
  /** Why, in the requester's words. */
  reason: string;
  /** How long the access lasts once granted, in whole seconds with the unit, e.g. `3600s`. */
  duration: string;
  policy: AccessRequestPolicy;
  /** Digest of exactly what is asked for and, if approved, was approved; `sha256:` and 64 hex digits. */
  digest: string;
}

/**
 * Where a request stands.
 * @public
 */
export type AccessRequestPhase =
  | 'Pending'
  | 'Approved'
  | 'Active'
  | 'Denied'
  | 'Expired'
  | 'Revoked'
  | 'Cancelled'
  | 'Failed';

/**
 * A condition of the resource, as in Kubernetes' own types.
 * @public
 */
export interface AccessRequestCondition {
  type: 'Granted' | 'PodsMatched' | 'ProcessesEnded' | 'Removed';
  status: 'True' | 'False' | 'Unknown';
  /** One CamelCase word for machines. */
  reason: string;
  /** One sentence for people. */
  message: string;
  /** When this was last seen to be so, UTC ISO-8601 with milliseconds. */
  observedAt: string;
}

/**
 * The names of the objects that make a grant real.
 * @public
 */
export interface AccessRequestGrantStatus {
  /** The namespace of the ServiceAccount. */
  serviceAccountNamespace: string;
  serviceAccountName: string;
  /** The Role and RoleBinding (of the same name) in each target namespace. */
  roles: Array<{ namespace: string; name: string }>;
}

/**
 * What is observed; written by the back end alone. It reports and is never read to decide anything.
 * Instants are UTC ISO-8601 with milliseconds.
 * @public
 */
export interface AccessRequestStatus {
  phase?: AccessRequestPhase;
  conditions?: AccessRequestCondition[];
  observedGeneration?: number;
  startsAt?: string;
  grantedAt?: string;
  expiresAt?: string;
  endedAt?: string;
  endReason?: string;
  grant?: AccessRequestGrantStatus;
  /** One sentence for people who read it with kubectl. */
  message?: string;
}

/**
 * The cluster-scoped custom resource: the image of a request in the cluster that it opens.
 * @public
 */
export interface AccessRequestResource {
  apiVersion: 'kubernetes-access.io/v1alpha1';
  kind: 'AccessRequest';
  metadata: {
    name: string;
    uid?: string;
    resourceVersion?: string;
    generation?: number;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    finalizers?: string[];
  };
  spec: AccessRequestSpec;
  status?: AccessRequestStatus;
}
