/** What was measured of one contender in one scenario. */
export interface Figure {
  scenario: string;
  /** What of it, e.g. `p50`. */
  measure: string;
  unit: 'ms' | 'MB/s' | 'per second' | 'KB';
  contender: string;
  value: number;
}

/** The contender that the product is. Everything else is there to compare it with. */
export const OURS = 'Kubernetes Access';
