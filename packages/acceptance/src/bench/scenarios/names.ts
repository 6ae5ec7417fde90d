/** What `--only` takes, in the order in which it runs. */
export const SCENARIOS = [
  'echo',
  'bulk',
  'paste',
  'open',
  'approve',
  'revoke',
  'fairness',
  'crowd',
  'grants',
  'lists',
  'restart',
] as const;

export type ScenarioName = (typeof SCENARIOS)[number];
