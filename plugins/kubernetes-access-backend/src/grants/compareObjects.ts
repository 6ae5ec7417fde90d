import { canonicalJson } from '../canonicalJson';
import type { KubeObject, ObjectMeta } from '../kubernetes/types';
import { rulesFor } from './buildGrant';
import type { Role, RoleBinding, ServiceAccount } from './objects';

/** Whether a ServiceAccount is what we would make. Clusters may add annotations of their own to it. */
export function isSameServiceAccount(
  actual: ServiceAccount,
  wanted: ServiceAccount,
): boolean {
  return (
    isSameMetadata(actual, wanted) &&
    actual.automountServiceAccountToken === wanted.automountServiceAccountToken
  );
}

/** Whether a Role is what we would make, its rules included. */
export function isSameRole(actual: Role, wanted: Role): boolean {
  return isSameMetadata(actual, wanted) && hasRules(actual, wanted);
}

/** Whether a Role is what we would make but for the names of the pods, which come and go. */
export function isSameRoleButNames(actual: Role, wanted: Role): boolean {
  const names = actual.rules?.[0]?.resourceNames ?? [];
  return (
    isSameMetadata(actual, wanted) &&
    hasRules(actual, { ...wanted, rules: rulesFor(names) })
  );
}

/** Whether a RoleBinding is what we would make. */
export function isSameRoleBinding(
  actual: RoleBinding,
  wanted: RoleBinding,
): boolean {
  return (
    isSameMetadata(actual, wanted) &&
    canonicalJson(actual.roleRef) === canonicalJson(wanted.roleRef) &&
    canonicalJson((actual.subjects ?? []).map(withoutEmptyGroup)) ===
      canonicalJson((wanted.subjects ?? []).map(withoutEmptyGroup))
  );
}

function hasRules(actual: Role, wanted: Role): boolean {
  return (
    canonicalJson(actual.rules ?? []) === canonicalJson(wanted.rules ?? [])
  );
}

function isSameMetadata(actual: KubeObject, wanted: KubeObject): boolean {
  return (
    !actual.metadata.deletionTimestamp &&
    contains(actual.metadata.labels, wanted.metadata.labels) &&
    contains(actual.metadata.annotations, wanted.metadata.annotations) &&
    ownersOf(actual.metadata) === ownersOf(wanted.metadata)
  );
}

function contains(
  actual: Record<string, string> = {},
  wanted: Record<string, string> = {},
): boolean {
  return Object.entries(wanted).every(([key, value]) => actual[key] === value);
}

function ownersOf(metadata: ObjectMeta): string {
  return canonicalJson(
    (metadata.ownerReferences ?? []).map(({ apiVersion, kind, name, uid }) => ({
      apiVersion,
      kind,
      name,
      uid,
    })),
  );
}

function withoutEmptyGroup<T extends { apiGroup?: string }>(subject: T): T {
  const { apiGroup, ...rest } = subject;
  return (apiGroup ? subject : rest) as T;
}
