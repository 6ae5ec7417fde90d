import type { ClusterStatus } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  isTerminal,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Clock } from '../controller/Clock';
import type {
  ReplicaStore,
  RequestStore,
  StoredRequest,
} from '../database/types';
import type { ClusterHealth, Clusters, RightsReview } from '../kubernetes';
import { reviewRights } from '../kubernetes';

/** Rights change when somebody installs a chart: no need to ask at every look. */
const REMEMBER_MS = 60_000;

interface Options {
  clusters: Pick<Clusters, 'health' | 'byName'>;
  store: Pick<RequestStore, 'listUnfinished' | 'now'>;
  replicas: Pick<ReplicaStore, 'listOthersAlive'>;
  /** The id of the replica that looks after a cluster. */
  leaderOf(cluster: string): string | undefined;
  /** The namespaces that the configuration gives owners in a cluster. */
  namespacesOf(cluster: string): string[];
  replica: string;
  host: string;
  clock: Clock;
}

/** Shows how the clusters are. */
export class ClusterViews {
  readonly #options: Options;
  readonly #rights = new Map<string, { review: RightsReview; at: number }>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** How many clusters cannot be used now. */
  alarms(): number {
    return this.#options.clusters
      .health()
      .filter(({ state }) => state !== 'ready').length;
  }

  async list(): Promise<ClusterStatus[]> {
    const { clusters, store, replicas, replica } = this.#options;
    const [others, now] = await Promise.all([
      replicas.listOthersAlive(replica),
      store.now(),
    ]);
    const hosts = new Map(others.map(({ id, host }) => [id, host]));
    return Promise.all(
      clusters.health().map(health => this.#statusOf(health, hosts, now)),
    );
  }

  async #statusOf(
    { uid, ...health }: ClusterHealth,
    hosts: Map<string, string>,
    now: Date,
  ): Promise<ClusterStatus> {
    const { store } = this.#options;
    const unfinished = uid ? await store.listUnfinished(uid) : undefined;
    const rights =
      health.state === 'ready'
        ? await this.#rightsIn(health.name, unfinished ?? [])
        : undefined;
    const leader = this.#leaderOf(health.name, hosts);
    return {
      ...health,
      ...(leader ? { leader } : {}),
      ...(unfinished ? { grants: progressOf(unfinished, now) } : {}),
      ...(rights ? { rights } : {}),
    };
  }

  #leaderOf(
    cluster: string,
    hosts: Map<string, string>,
  ): ClusterStatus['leader'] {
    const { leaderOf, replica, host } = this.#options;
    const leader = leaderOf(cluster);
    if (!leader) {
      return undefined;
    }
    const isThisReplica = leader === replica;
    const where = isThisReplica ? host : hosts.get(leader);
    return { isThisReplica, ...(where ? { host: where } : {}) };
  }

  async #rightsIn(
    cluster: string,
    requests: StoredRequest[],
  ): Promise<RightsReview | undefined> {
    const { clusters, clock, namespacesOf } = this.#options;
    const namespaces = new Set([
      ...namespacesOf(cluster),
      ...requests.flatMap(({ terms }) =>
        terms.targets.map(({ namespace }) => namespace),
      ),
    ]);
    const key = [cluster, ...[...namespaces].sort()].join(' ');
    const known = this.#rights.get(key);
    if (known && clock.monotonic() - known.at < REMEMBER_MS) {
      return known.review;
    }
    try {
      const review = await reviewRights(
        clusters.byName(cluster),
        [...namespaces].sort(),
      );
      this.#rights.clear();
      this.#rights.set(key, { review, at: clock.monotonic() });
      return review;
    } catch {
      // That the cluster does not answer is told by its state.
      return undefined;
    }
  }
}

/** How far the cluster is behind the record. */
function progressOf(
  requests: StoredRequest[],
  now: Date,
): NonNullable<ClusterStatus['grants']> {
  const progress = { active: 0, toMake: 0, toRemove: 0, behindSeconds: 0 };
  for (const request of requests) {
    const state = stateAt(request, request.observed, now);
    if (state.phase === 'Active') {
      progress.active += 1;
    }
    if (state.phase === 'Approved') {
      progress.toMake += 1;
    }
    if (isTerminal(state.phase)) {
      progress.toRemove += 1;
    }
    const since =
      state.endedAt ?? (state.startsAt ? undefined : state.approvedAt);
    if (since) {
      const seconds = (now.getTime() - Date.parse(since)) / 1000;
      progress.behindSeconds = Math.max(
        progress.behindSeconds,
        Math.round(seconds),
      );
    }
  }
  return progress;
}
