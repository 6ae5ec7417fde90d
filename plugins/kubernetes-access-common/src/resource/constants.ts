/**
 * The API group of the custom resources.
 * @public
 */
export const API_GROUP = 'kubernetes-access.io';

/**
 * The only served version of the custom resources.
 * @public
 */
export const API_VERSION = 'v1alpha1';

/**
 * The plural under which the API server serves AccessRequests.
 * @public
 */
export const ACCESS_REQUEST_PLURAL = 'accessrequests';

/**
 * The finalizer that holds an AccessRequest until its grant is verifiably gone.
 * @public
 */
export const ACCESS_REQUEST_FINALIZER = 'kubernetes-access.io/grant';

/**
 * The annotation by which a namespace names the owners who may open it to others:
 * entity refs separated by commas, for example `group:default/payments`.
 * @public
 */
export const OWNERS_ANNOTATION = 'kubernetes-access.io/owners';

/**
 * Labels that everything carries that the back end makes in a cluster. Values are hashes or ids,
 * because entity refs are not valid label values; refs go into annotations.
 * @public
 */
export const LABELS = {
  managedBy: 'app.kubernetes.io/managed-by',
  /** The id of the installation that made the object. */
  installation: 'kubernetes-access.io/installation',
  /** The id of the request that the object belongs to. */
  request: 'kubernetes-access.io/request',
  /** `true` while the request has not ended and been cleaned up; controllers watch only these. */
  open: 'kubernetes-access.io/open',
  /** A hash of the requester's entity ref. */
  requesterHash: 'kubernetes-access.io/requester-hash',
} as const;

/**
 * The value of the managed-by label.
 * @public
 */
export const MANAGED_BY = 'kubernetes-access';

/**
 * Annotations on the objects that the back end makes in a cluster.
 * @public
 */
export const ANNOTATIONS = {
  /** The entity ref of the requester. */
  requester: 'kubernetes-access.io/requester',
  /** The entity ref of the entity whose pods were asked for. */
  entity: 'kubernetes-access.io/entity',
  /** The UID of the AccessRequest that the object belongs to. */
  requestUid: 'kubernetes-access.io/request-uid',
  /**
   * On the Lease of an installation: the instant of the newest entry in the record with which the cluster was looked
   * after last. Taking it off accepts that what was recorded until then is lost.
   */
  recordedUntil: 'kubernetes-access.io/recorded-until',
  /** On the Lease of an installation: which entry that was. */
  recordedEntry: 'kubernetes-access.io/recorded-entry',
} as const;

/**
 * Every ServiceAccount, Role and RoleBinding of a grant has a name with this prefix.
 * @public
 */
export const GRANT_NAME_PREFIX = 'kubernetes-access-';

/**
 * The version of what the chart and the back end have agreed on: the fields of the resources and the rights of the back end's identity.
 * The chart stamps it on the CustomResourceDefinition, and the back end demands at least its own of each cluster, so that charts are
 * upgraded first. A whole number.
 * @public
 */
export const CONTRACT_VERSION = '2';

/**
 * The annotation on the CustomResourceDefinition that carries the contract version.
 * @public
 */
export const CONTRACT_ANNOTATION = 'kubernetes-access.io/contract';

/**
 * The name of the CustomResourceDefinition of AccessRequests.
 * @public
 */
export const ACCESS_REQUEST_CRD_NAME = 'accessrequests.kubernetes-access.io';
