import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';

/** Writes an entity ref in the one way in which refs are stored and compared: in full and in lower case. */
export function normaliseEntityRef(ref: string): string {
  return stringifyEntityRef(
    parseEntityRef(ref, { defaultNamespace: 'default' }),
  );
}

/**
 * Normalises what a user sent.
 * @throws InputError
 */
export function readEntityRef(ref: string): string {
  try {
    return normaliseEntityRef(ref);
  } catch {
    throw new InputError(
      `'${ref}' is not an entity ref; write it as kind:namespace/name, such as component:default/payments-api`,
    );
  }
}

/** Normalises many refs; what is none is left out. */
export function normaliseEntityRefs(
  refs: string[],
  defaultKind?: string,
): string[] {
  const normalised = refs.flatMap(ref => {
    try {
      const parsed = parseEntityRef(ref, {
        defaultKind,
        defaultNamespace: 'default',
      });
      return [stringifyEntityRef(parsed)];
    } catch {
      return [];
    }
  });
  return [...new Set(normalised)];
}

/** How people read a ref where a title is not at hand: the name. */
export function nameOf(ref: string): string {
  return parseEntityRef(ref, { defaultKind: 'component' }).name;
}

/** Names in a sentence: `a, b or c`. */
export function oneOf(refs: string[]): string {
  const names = refs.map(nameOf);
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
