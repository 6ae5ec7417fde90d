import type { LoggerService } from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import type { RecordEntry } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AuditTrail } from '../audit';
import type { LeaseTimes } from '../controller';
import type { Clock } from '../controller/Clock';
import type {
  ChangeFeed,
  RequestStore,
  StoredRequest,
} from '../database/types';
import type { ClusterConnection, Clusters, Fence } from '../kubernetes';
import { NotLeadingError, whySuspended } from '../kubernetes';
import { ClusterClosures } from './ClusterClosures';
import { ClusterGrants } from './ClusterGrants';
import type { StopLeading } from './ClusterLeadership';
import { ClusterLeadership } from './ClusterLeadership';
import { GrantTokens } from './GrantTokens';
import type { GrantAccess, GrantController, Leadership } from './types';
import { waitForPod } from './waitForPod';

interface Options {
  clusters: Clusters;
  store: RequestStore;
  /** What is committed here and on the other replicas. */
  changes: ChangeFeed;
  audit: AuditTrail;
  installationId: string;
  /** The id of this process among those on the same database. */
  replica: string;
  clock: Clock;
  logger: LoggerService;
  /** For tests: how long a lease lasts. */
  lease?: Partial<LeaseTimes>;
}

/** A cluster that is or was ready, and what this process does about it. */
interface Known {
  connection: ClusterConnection;
  leadership: ClusterLeadership;
  /** Set while this process looks after it. */
  grants?: ClusterGrants;
}

type LeadListener = (connection: ClusterConnection) => () => void;

/**
 * Looks after the grants of every cluster that is ready, each by itself: a cluster that is down delays no other one,
 * and what ended while it was down is taken back as soon as it answers. Of all processes on one database, one looks
 * after a cluster; the others stand by.
 */
export class ClusterGrantController
  implements GrantController, GrantAccess, Leadership
{
  readonly #options: Options;
  readonly #tokens: GrantTokens;
  /** By the cluster's UID. */
  readonly #known = new Map<string, Known>();
  readonly #closures: ClusterClosures;
  readonly #errorListeners = new Set<(cluster: string) => void>();
  readonly #leadListeners = new Set<LeadListener>();
  #unsubscribe: Array<() => void> = [];

  constructor(options: Options) {
    this.#options = options;
    this.#tokens = new GrantTokens(options);
    this.#closures = new ClusterClosures(options);
  }

  start(): void {
    const { clusters, changes } = this.#options;
    this.#unsubscribe = [
      changes.onChange((request, added) => this.#onChange(request, added)),
      clusters.onReady(connection => this.#look(connection)),
    ];
  }

  async stop(): Promise<void> {
    this.#unsubscribe.forEach(unsubscribe => unsubscribe());
    this.#unsubscribe = [];
    const known = [...this.#known.values()];
    this.#known.clear();
    await Promise.all(known.map(({ leadership }) => leadership.stop()));
  }

  poke(requestId: string): void {
    this.#options.store
      .get(requestId)
      .then(request => request && this.#pokeFor(request))
      .catch(error => {
        this.#options.logger.error(
          `Could not read request '${requestId}' to look after its grant`,
          error,
        );
      });
  }

  /** Tells of every attempt to make or remove a grant that failed, with the cluster's name. */
  onReconcileError(listener: (cluster: string) => void): void {
    this.#errorListeners.add(listener);
  }

  onLead(listener: LeadListener): () => void {
    this.#leadListeners.add(listener);
    return () => {
      this.#leadListeners.delete(listener);
    };
  }

  /** The names of the clusters that this process looks after now. */
  leads(): string[] {
    return [...this.#known.values()]
      .filter(({ grants }) => grants)
      .map(({ connection }) => connection.name);
  }

  /** The id of the replica that looked after a cluster when this process last asked. */
  leaderOf(name: string): string | undefined {
    return [...this.#known.values()].find(
      ({ connection }) => connection.name === name,
    )?.leadership.holder;
  }

  async token(request: StoredRequest): Promise<string> {
    return this.#tokens.token(request);
  }

  forget(requestId: string): void {
    this.#tokens.forget(requestId);
  }

  async ensurePod(
    request: StoredRequest,
    namespace: string,
    pod: string,
  ): Promise<void> {
    const { clusters, clock } = this.#options;
    const known = this.#known.get(request.terms.clusterUid);
    if (!known || !clusters.byUid(request.terms.clusterUid)) {
      throw new ServiceUnavailableError(
        whySuspended(clusters, request.clusterName) ??
          `The cluster '${request.clusterName}' cannot be reached now; try again in a moment`,
      );
    }
    const { connection, grants, leadership } = known;
    if (grants) {
      try {
        await grants.ensurePod(request, namespace, pod);
        return;
      } catch (error) {
        if (!(error instanceof NotLeadingError)) {
          throw error;
        }
        // Somebody else looks after the cluster since a moment ago.
      }
    }
    const leader = leadership.holder;
    await waitForPod({ connection, request, namespace, pod, clock, leader });
  }

  /**
   * What was merely seen needs no second look, nor does a start: whoever commits it goes on from there. What people or
   * the clock did does. What became of the processes of its sessions is found after a request has ended, and by others.
   */
  #onChange(request: StoredRequest, added: RecordEntry[]): void {
    if (
      added.some(({ kind }) => kind !== 'started') ||
      request.observed.processes
    ) {
      this.#pokeFor(request);
    }
  }

  #pokeFor(request: StoredRequest): void {
    this.#known.get(request.terms.clusterUid)?.grants?.poke(request);
  }

  #look(connection: ClusterConnection): void {
    const { logger } = this.#options;
    const known = this.#known.get(connection.uid);
    if (known?.connection === connection) {
      return;
    }
    if (known && known.connection.name !== connection.name) {
      logger.warn(
        `Clusters '${known.connection.name}' and '${connection.name}' are one and the same; its grants are looked after as '${known.connection.name}'`,
      );
      return;
    }
    this.#forgetConnection(connection);
    this.#join(connection);
  }

  /** A name leads to one cluster at a time, over one connection. */
  #forgetConnection({ name, uid: newUid }: ClusterConnection): void {
    for (const [uid, { connection, leadership }] of this.#known) {
      if (connection.name === name) {
        this.#known.delete(uid);
        if (uid !== newUid) {
          // Whatever spoke against it, nobody reaches it any more.
          this.#closures.set(connection, undefined);
        }
        leadership.stop().catch(error => {
          this.#options.logger.warn(
            `Looking after cluster '${name}' over its old connection did not stop cleanly`,
            error,
          );
        });
      }
    }
  }

  #join(connection: ClusterConnection): void {
    const { lease } = this.#options;
    const known: Known = {
      connection,
      leadership: new ClusterLeadership({
        ...this.#options,
        connection,
        times: lease,
        onLead: (fenced, fence) => this.#lead(known, fenced, fence),
        onRefusal: message => this.#closures.set(connection, message),
      }),
    };
    this.#known.set(connection.uid, known);
    known.leadership.start();
  }

  #lead(
    known: Known,
    connection: ClusterConnection,
    fence: Fence,
  ): StopLeading {
    const grants = new ClusterGrants({
      ...this.#options,
      connection,
      leads: () => fence.leftMs > 0,
      forgetTokens: requestId => this.#tokens.forget(requestId),
      onReconcileError: () =>
        this.#errorListeners.forEach(listener => listener(connection.name)),
    });
    known.grants = grants;
    grants.start();
    const stops = [...this.#leadListeners].map(listener =>
      listener(connection),
    );
    return async () => {
      known.grants = undefined;
      stops.forEach(stop => stop());
      await grants.stop();
    };
  }
}
