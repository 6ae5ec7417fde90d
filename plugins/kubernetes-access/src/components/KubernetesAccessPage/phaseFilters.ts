import type { AccessRequestPhase } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/** What one can filter by: the words that phases are told with, each with the phases behind it. */
export const PHASE_FILTERS = {
  waiting: ['Pending'],
  approved: ['Approved'],
  active: ['Active'],
  ended: ['Expired', 'Revoked', 'Cancelled'],
  denied: ['Denied'],
  failed: ['Failed'],
} as const satisfies Record<string, readonly AccessRequestPhase[]>;

export type PhaseFilter = keyof typeof PHASE_FILTERS;

export function isPhaseFilter(text: string): text is PhaseFilter {
  return Object.hasOwn(PHASE_FILTERS, text);
}
