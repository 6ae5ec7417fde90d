import type { StoredRequest } from './types';

/** What a request is found by: its entity, its requester, its reason and who decided on it, each on a line. */
export function searchTextOf({
  terms,
  requester,
  entries,
}: Pick<StoredRequest, 'terms' | 'requester' | 'entries'>): string {
  const deciders = entries
    .filter(({ kind }) => kind === 'decided')
    .map(({ actor }) => actor);
  return foldCase(
    [terms.entityRef, requester, terms.reason, ...deciders].join('\n'),
  );
}

/** As texts are compared that differ in case alone, or in how a keyboard composes a letter: engines differ in that. */
export function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
