import type { ScenarioName } from './scenarios/names';

/** What we want of each scenario. A goal is about medians, unless it says otherwise. */
export const GOALS: Record<ScenarioName, string> = {
  echo: 'p50, p99 ≤ 1.1 × kubectl exec, ≤ 1.05 × bare proxy',
  bulk: '≥ 0.95 × raw',
  paste: '≥ 0.9 × raw',
  open: '≤ raw + 20 ms',
  approve: '≤ 150 ms',
  revoke: 'p99 ≤ 100 ms; processes p99 ≤ 1 s',
  fairness: 'no slower than beside raw',
  crowd: 'echo p99 < 50 ms, ≤ 150 KB each',
  grants: '≥ 0.8 × bare client',
  lists: '< 50 ms',
  restart: '< 5 s',
};
