/** What was measured of one contender; as `npm run bench` puts it into its table. */
export interface Figure {
  scenario: string;
  /** What of it, e.g. `p50`. */
  measure: string;
  unit: 'ms' | 'per second';
  contender: string;
  value: number;
}

export const OURS = 'Kubernetes Access';

/** The value below which a share of the samples lies, by the nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
