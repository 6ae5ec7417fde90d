import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import type { ClusterHealth } from '../kubernetes/types';

/** The metrics of clusters, with what they tell. */
const CLUSTER_METRICS = {
  state: {
    name: 'kubernetes_access.clusters.state',
    description:
      '1 for the state in which a cluster is: connecting, ready, unreachable, unsupported or suspended',
  },
  led: {
    name: 'kubernetes_access.clusters.led',
    description:
      '1 where this process looks after the grants of a cluster; the sum over all replicas is 1',
  },
} as const;

/** Measures how the clusters are, and who looks after them. */
export class ClusterMetrics {
  readonly #metrics: MetricsService;
  readonly #clusters: { health(): ClusterHealth[] };
  readonly #leadership: { leads(): string[] };

  constructor(options: {
    metrics: MetricsService;
    clusters: { health(): ClusterHealth[] };
    /** Gives the names of the clusters that this process looks after. */
    leadership: { leads(): string[] };
  }) {
    this.#metrics = options.metrics;
    this.#clusters = options.clusters;
    this.#leadership = options.leadership;
  }

  /** Returns how to stop. */
  start(): () => void {
    const { state, led } = CLUSTER_METRICS;
    this.#metrics
      .createObservableGauge(state.name, state)
      .addCallback(result => {
        for (const cluster of this.#clusters.health()) {
          result.observe(1, { cluster: cluster.name, state: cluster.state });
        }
      });
    this.#metrics.createObservableGauge(led.name, led).addCallback(result => {
      const leads = new Set(this.#leadership.leads());
      for (const { name } of this.#clusters.health()) {
        result.observe(leads.has(name) ? 1 : 0, { cluster: name });
      }
    });
    return () => {};
  }
}
