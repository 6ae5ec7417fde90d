import { parseEntityRef } from '@backstage/catalog-model';

/**
 * The identities that Backstage's guest sign-in hands out to whoever comes. Nobody knows who acts under them, so
 * nothing can be theirs and they never decide.
 */
export function isGuest(userRef: string): boolean {
  const { namespace, name } = parseEntityRef(userRef);
  return name === 'guest' && ['default', 'development'].includes(namespace);
}
