import { useCallback, useMemo } from 'react';
import { useLocation, useNavigate, useSearchParams } from 'react-router-dom';
import type { HistoryFilters } from './historyFilters';
import { readFilters, writeFilters } from './historyFilters';

/** The pages that one came through, kept with the entry of the browser's history. */
interface Trail {
  trail?: string[];
}

/** The filters of the history, which live in the address: they survive a reload, and "back" takes them back. */
export function useHistoryFilters() {
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const { state } = useLocation();
  const filters = useMemo(() => readFilters(query), [query]);
  const trail = (state as Trail | null)?.trail ?? [];

  /** Narrows to something else, from the newest on. Typing makes no steps to go back through. */
  const narrow = useCallback(
    (change: Partial<HistoryFilters>, options: { replace?: boolean } = {}) => {
      const next = { ...filters, ...change, after: undefined };
      navigate({ search: `?${writeFilters(next)}` }, options);
    },
    [filters, navigate],
  );

  const goTo = (after: string | undefined, nextTrail: string[]) =>
    navigate(
      { search: `?${writeFilters({ ...filters, after })}` },
      { state: { trail: nextTrail } satisfies Trail },
    );

  return {
    filters,
    narrow,
    clear: () => narrow({ search: '', phase: undefined, since: undefined }),
    hasTrail: trail.length > 0,
    older: (cursor: string) => goTo(cursor, [...trail, filters.after ?? '']),
    newer: () => goTo(trail[trail.length - 1] || undefined, trail.slice(0, -1)),
  };
}
