import type { ListAccessRequests } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { PhaseFilter } from './phaseFilters';
import { isPhaseFilter, PHASE_FILTERS } from './phaseFilters';

const HOUR_MS = 3_600_000;

/** How far one can look back. */
const SPANS = {
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
} as const;

export type Span = keyof typeof SPANS;

/** What the history is narrowed to, as it stands in the address. */
export interface HistoryFilters {
  search: string;
  phase?: PhaseFilter;
  since?: Span;
  /** The last request of the page before. */
  after?: string;
}

export const MAX_SEARCH_LENGTH = 200;
const CURSOR = /^[0-9a-z]{1,26}$/;

/** What the address says; what it cannot mean is left out. */
export function readFilters(query: URLSearchParams): HistoryFilters {
  const phase = query.get('state') ?? '';
  const since = query.get('since') ?? '';
  const after = query.get('after') ?? '';
  return {
    search: (query.get('search') ?? '').slice(0, MAX_SEARCH_LENGTH),
    ...(isPhaseFilter(phase) ? { phase } : {}),
    ...(isSpan(since) ? { since } : {}),
    ...(CURSOR.test(after) ? { after } : {}),
  };
}

/** What the address has to say. */
export function writeFilters(filters: HistoryFilters): URLSearchParams {
  const query = new URLSearchParams();
  const { search, phase, since, after } = filters;
  for (const [name, value] of Object.entries({
    search,
    state: phase,
    since,
    after,
  })) {
    if (value) {
      query.set(name, value);
    }
  }
  return query;
}

export function isFiltered({ search, phase, since }: HistoryFilters): boolean {
  return Boolean(search.trim() || phase || since);
}

/** What the back end is asked for. */
export function queryOf(
  { search, phase, since }: HistoryFilters,
  now: Date,
): ListAccessRequests {
  return {
    scope: 'all',
    ...(search.trim() ? { search: search.trim() } : {}),
    ...(phase ? { phase: [...PHASE_FILTERS[phase]] } : {}),
    ...(since
      ? { askedFrom: new Date(now.getTime() - SPANS[since]).toISOString() }
      : {}),
  };
}

function isSpan(text: string): text is Span {
  return Object.hasOwn(SPANS, text);
}
