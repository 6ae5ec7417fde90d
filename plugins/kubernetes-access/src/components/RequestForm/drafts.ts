import type { KubernetesAccessApi } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { RequestFormState } from './requestForm';

/** What somebody has typed and not sent. */
export type Draft = Pick<RequestFormState, 'targetKey' | 'duration' | 'reason'>;

/**
 * Drafts by entity, so that a look at another tab or page costs nobody their words. In memory only: they are gone
 * with the page, and so with whoever signs out.
 */
const drafts = new WeakMap<KubernetesAccessApi, Map<string, Draft>>();

export function draftOf(
  api: KubernetesAccessApi,
  entityRef: string,
): Partial<Draft> {
  return drafts.get(api)?.get(entityRef) ?? {};
}

/** Without a reason there is nothing worth keeping. */
export function keepDraft(
  api: KubernetesAccessApi,
  entityRef: string,
  { targetKey, duration, reason }: Draft,
): void {
  const ofApp = drafts.get(api) ?? new Map<string, Draft>();
  drafts.set(api, ofApp);
  if (reason) {
    ofApp.set(entityRef, { targetKey, duration, reason });
  } else {
    ofApp.delete(entityRef);
  }
}

export function forgetDraft(api: KubernetesAccessApi, entityRef: string): void {
  drafts.get(api)?.delete(entityRef);
}
