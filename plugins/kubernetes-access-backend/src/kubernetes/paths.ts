import {
  ACCESS_REQUEST_PLURAL,
  API_GROUP,
  API_VERSION,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { InputError } from '@backstage/errors';

/**
 * What Kubernetes accepts in a path: names of objects contain neither `/` nor `%` and are not `.` or `..`
 * (`k8s.io/apimachinery/pkg/api/validation/path`), and ours consist of no more than DNS characters and `:`.
 */
const PATH_SEGMENT = /^[a-zA-Z0-9]([a-zA-Z0-9.:_-]{0,251}[a-zA-Z0-9])?$/;

const CORE = '/api/v1';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const OURS = `/apis/${API_GROUP}/${API_VERSION}`;

export function namespacePath(name: string): string {
  return `${CORE}/namespaces/${segment(name)}`;
}

export function podsPath(namespace: string, name?: string): string {
  return join(`${namespacePath(namespace)}/pods`, name);
}

export function serviceAccountsPath(namespace: string, name?: string): string {
  return join(`${namespacePath(namespace)}/serviceaccounts`, name);
}

export function rolesPath(namespace: string, name?: string): string {
  return join(`${RBAC}/namespaces/${segment(namespace)}/roles`, name);
}

export function roleBindingsPath(namespace: string, name?: string): string {
  return join(`${RBAC}/namespaces/${segment(namespace)}/rolebindings`, name);
}

export function leasesPath(namespace: string): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${segment(namespace)}/leases`;
}

export function accessRequestsPath(name?: string): string {
  return join(`${OURS}/${ACCESS_REQUEST_PLURAL}`, name);
}

/** What the back end may do in a namespace, and everywhere. */
export function rulesReviewPath(): string {
  return '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
}

/** The definition of the AccessRequests in the cluster. */
export function accessRequestDefinitionPath(): string {
  return `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${ACCESS_REQUEST_PLURAL}.${API_GROUP}`;
}

function join(collection: string, name: string | undefined): string {
  return name === undefined ? collection : `${collection}/${segment(name)}`;
}

/**
 * Keeps a name in its place in the path, whatever it says.
 *
 * @throws InputError for what cannot be the name of anything
 */
function segment(name: string): string {
  if (!PATH_SEGMENT.test(name)) {
    throw new InputError(`'${name}' is not a valid name in Kubernetes`);
  }
  return encodeURIComponent(name);
}
