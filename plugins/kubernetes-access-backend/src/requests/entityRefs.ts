import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';

/** Writes an entity ref in the one way in which refs are stored and compared: in full and in lower case. */
function normaliseEntityRef(ref: string): string {
  return stringifyEntityRef(
    parseEntityRef(ref, { defaultNamespace: 'default' }),
  );
}

/** No control characters, no white space, no halves of characters: nothing that only looks like another ref. */
const PRINTABLE = /^[^\p{C}\p{Z}]+$/u;
/** A ref of which case and spelling cannot make another one that looks the same. */
const ASCII = /^[!-~]+$/;
const MAX_LENGTH = 500;
const MAX_SHOWN = 100;

/**
 * Normalises what a user sent.
 * @throws InputError
 */
export function readEntityRef(ref: string): string {
  const normalised = tryToNormalise(ref);
  const isOne =
    normalised !== undefined &&
    /^[^:/]+:[^:/]+\/[^:/]+$/.test(normalised) &&
    PRINTABLE.test(ref) &&
    ref.length <= MAX_LENGTH;
  if (!isOne) {
    throw new InputError(
      `${quote(
        ref,
      )} is not an entity ref; write it as kind:namespace/name, such as component:default/payments-api`,
    );
  }
  return normalised;
}

/** Normalises the ref of a user, in full; undefined for what is none. */
export function readUserRef(ref: string): string | undefined {
  const isOne = ASCII.test(ref) && /^user:[^:/]+\/[^:/]+$/i.test(ref);
  return isOne ? tryToNormalise(ref) : undefined;
}

function tryToNormalise(ref: string): string | undefined {
  try {
    return normaliseEntityRef(ref);
  } catch {
    return undefined;
  }
}

/** As text that can stand in any log: in quotes, on one line, not too long. */
function quote(text: string): string {
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return `'${shown.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '�')}'`;
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

/** How people call people, groups and things. */
export interface Names {
  /** At once, by what is known now; the name in the ref where nothing is. */
  of(ref: string): string;
  /** Finds out how they are called. Never rejects, nor takes long. */
  learn(refs: string[]): Promise<void>;
}

/** The names in the refs, for who has no catalog to ask. */
export const PLAIN_NAMES: Names = { of: nameOf, learn: async () => {} };
