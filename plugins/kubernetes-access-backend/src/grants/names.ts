import { createHash } from 'node:crypto';
import { GRANT_NAME_PREFIX } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

const MAX_SLUG_LENGTH = 20;
const UID_LENGTH = 8;
const HASH_LENGTH = 32;

/**
 * The name of a grant's ServiceAccount, Roles and RoleBindings. It names the requester and the request, so that the
 * cluster's own audit log does, and the resource's UID, so that a resource that was deleted and made again under its
 * old name never meets the objects of the one before it.
 */
export function grantName(
  requester: string,
  requestId: string,
  resourceUid: string,
): string {
  const uid = resourceUid.replace(/-/g, '').slice(0, UID_LENGTH);
  return `${GRANT_NAME_PREFIX}${slugOf(requester)}-${requestId}-${uid}`;
}

/** The part of a requester's entity ref that people recognise, as a part of a DNS name. */
export function slugOf(entityRef: string): string {
  const name = entityRef.slice(entityRef.lastIndexOf('/') + 1);
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG_LENGTH)
    .replace(/^-+|-+$/g, '');
  return slug || 'user';
}

/** An entity ref as a label's value, which a ref itself is not. */
export function refHash(entityRef: string): string {
  return createHash('sha256')
    .update(entityRef, 'utf8')
    .digest('hex')
    .slice(0, HASH_LENGTH);
}
