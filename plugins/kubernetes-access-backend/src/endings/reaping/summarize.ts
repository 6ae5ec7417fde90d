import type { ObservedProcesses, ReapReport } from '../../database/types';

/** What is known of the processes of all sessions of a request. */
export function summarize(reports: ReapReport[]): ObservedProcesses {
  const count = (matches: (report: ReapReport) => boolean) =>
    reports.filter(matches).length;
  const settledAs = (state: string) => (report: ReapReport) =>
    report.state === 'settled' && report.outcome?.state === state;
  return {
    sessions: reports.length,
    waiting: count(({ state }) => state === 'waiting'),
    left: count(settledAs('left')),
    unknown: count(settledAs('unknown')),
  };
}
