import { createHash } from 'node:crypto';
import type { RequestTerms } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { canonicalJson } from '../canonicalJson';

/** The digest of exactly what is asked for. Every decision is bound to it. */
export function digestOf(terms: RequestTerms): string {
  return `sha256:${sha256(canonicalJson(terms))}`;
}

/** The same for two requests that would open the same to the same person: only one of them may be open. */
export function openKeyOf(terms: RequestTerms): string {
  const { requester, clusterUid, targets, accessLevel } = terms;
  return sha256(canonicalJson({ requester, clusterUid, targets, accessLevel }));
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
