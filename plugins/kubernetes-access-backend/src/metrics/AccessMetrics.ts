import type {
  MetricsService,
  MetricsServiceCounter,
} from '@backstage/backend-plugin-api/alpha';
import type { RecordEntry } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  isTerminal,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { RequestStore, StoredRequest } from '../database/types';
import type { LiveSessions } from '../sessions/types';

/** How many open requests are read for a measurement. */
const MAX_COUNTED = 1000;

/** Every metric of the plugin, with what it tells. */
const METRICS = {
  requests: {
    name: 'kubernetes_access.requests',
    description: 'Requests by outcome: asked, approved, or how they ended',
  },
  liveGrants: {
    name: 'kubernetes_access.grants.live',
    description: 'Grants that can be used now, by cluster',
  },
  liveSessions: {
    name: 'kubernetes_access.sessions.live',
    description: 'Terminals that are open in this process',
  },
  reconcileErrors: {
    name: 'kubernetes_access.reconcile.errors',
    description: 'Attempts to make or remove a grant that failed, by cluster',
  },
} as const;

/** Measures the plugin. */
export class AccessMetrics {
  readonly #metrics: MetricsService;
  readonly #store: Pick<RequestStore, 'onChange' | 'list' | 'now'>;
  readonly #sessions: Pick<LiveSessions, 'count'>;
  readonly #requests: MetricsServiceCounter;
  readonly #reconcileErrors: MetricsServiceCounter;

  constructor(options: {
    metrics: MetricsService;
    store: Pick<RequestStore, 'onChange' | 'list' | 'now'>;
    sessions: Pick<LiveSessions, 'count'>;
  }) {
    this.#metrics = options.metrics;
    this.#store = options.store;
    this.#sessions = options.sessions;
    const { requests, reconcileErrors } = METRICS;
    this.#requests = options.metrics.createCounter(requests.name, requests);
    this.#reconcileErrors = options.metrics.createCounter(
      reconcileErrors.name,
      reconcileErrors,
    );
  }

  /** Returns how to stop. */
  start(): () => void {
    const { liveGrants, liveSessions } = METRICS;
    this.#metrics
      .createObservableGauge(liveGrants.name, liveGrants)
      .addCallback(async result => {
        for (const [cluster, count] of await this.#countGrants()) {
          result.observe(count, { cluster });
        }
      });
    this.#metrics
      .createObservableGauge(liveSessions.name, liveSessions)
      .addCallback(result => result.observe(this.#sessions.count()));
    return this.#store.onChange((request, added) => {
      for (const entry of added) {
        this.#count(request, entry);
      }
    });
  }

  reconcileFailed(cluster: string): void {
    this.#reconcileErrors.add(1, { cluster });
  }

  #count(request: StoredRequest, entry: RecordEntry): void {
    const outcome = outcomeOf(request, entry);
    if (outcome) {
      this.#requests.add(1, { outcome });
    }
  }

  async #countGrants(): Promise<Map<string, number>> {
    const [now, { items }] = await Promise.all([
      this.#store.now(),
      this.#store.list({ open: true, limit: MAX_COUNTED }),
    ]);
    const counts = new Map<string, number>();
    for (const request of items) {
      const { phase } = stateAt(request, request.observed, now);
      const live = phase === 'Active' ? 1 : 0;
      const { clusterName } = request;
      counts.set(clusterName, (counts.get(clusterName) ?? 0) + live);
    }
    return counts;
  }
}

function outcomeOf(
  request: StoredRequest,
  entry: RecordEntry,
): string | undefined {
  switch (entry.kind) {
    case 'asked':
      return 'asked';
    case 'decided':
      return outcomeOfDecision(request, entry);
    case 'ended':
      return entry.reason;
    default:
      return undefined;
  }
}

/** One of two approvals is not an outcome yet. */
function outcomeOfDecision(
  request: StoredRequest,
  entry: Extract<RecordEntry, { kind: 'decided' }>,
): string | undefined {
  const { phase } = stateAt(request, {}, new Date(entry.at));
  if (isTerminal(phase)) {
    return 'denied';
  }
  return phase === 'Approved' ? 'approved' : undefined;
}
