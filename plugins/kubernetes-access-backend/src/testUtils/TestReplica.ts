import { randomUUID } from 'node:crypto';
import { mockServices } from '@backstage/backend-test-utils';
import type { LeaseTimes } from '../controller';
import type { ChangeFeed } from '../database';
import { Sweeper } from '../endings';
import { ClusterGrantController } from '../grants';
import type { ClusterConnection, Clusters } from '../kubernetes';
import type { TestStores } from './database';
import type { RealCluster } from './RealCluster';
import { StallableClock } from './StallableClock';
import type { StallAt } from './StallableKubeClient';
import { StallableKubeClient } from './StallableKubeClient';

/** Short enough for a test, long enough for a busy machine. */
const LEASE_TIMES: LeaseTimes = {
  durationMs: 6_000,
  giveUpMs: 4_000,
  renewMs: 1_000,
  retryMs: 500,
};

/** One of several back ends on one database, without its API. It can be made to stand still, or to die without a word. */
export class TestReplica {
  readonly id = randomUUID();
  readonly clock = new StallableClock();
  readonly logger = mockServices.logger.mock();
  readonly clusters: Clusters;
  readonly controller: ClusterGrantController;
  readonly #sweeper: Sweeper;
  readonly #clients: StallableKubeClient[] = [];
  readonly #wrapped = new Map<ClusterConnection, ClusterConnection>();

  static async start(options: {
    cluster: RealCluster;
    stores: TestStores;
    installationId: string;
    /** The commits of all replicas; those of its own process alone when unset. */
    changes?: ChangeFeed;
    /** What it is connected to in the place of `cluster` alone. */
    clusters?: Clusters;
  }): Promise<TestReplica> {
    const replica = new TestReplica(options);
    const { clusters } = replica;
    const isReady = new Promise<ClusterConnection>(resolve => {
      clusters.onReady(resolve);
    });
    replica.#sweeper.start();
    replica.controller.start();
    clusters.start();
    await isReady;
    return replica;
  }

  private constructor(options: {
    cluster: RealCluster;
    stores: TestStores;
    installationId: string;
    changes?: ChangeFeed;
    clusters?: Clusters;
  }) {
    const { cluster, stores, installationId } = options;
    const { logger, clock } = this;
    this.clusters = this.#wrap(options.clusters ?? cluster.clusters());
    const { requests: store, audit } = stores;
    this.controller = new ClusterGrantController({
      clusters: this.clusters,
      store,
      changes: options.changes ?? store,
      audit,
      installationId,
      replica: this.id,
      clock,
      logger,
      lease: LEASE_TIMES,
    });
    this.#sweeper = new Sweeper({
      leadership: this.controller,
      store,
      audit,
      installationId,
      clock,
      logger,
    });
  }

  get connection(): ClusterConnection {
    return this.clusters.byName('test');
  }

  get leads(): boolean {
    return this.controller.leads().length > 0;
  }

  /** What it wrote to the cluster, but for the Lease and the tokens that any replica mints. */
  get writes(): string[] {
    return this.#clients
      .flatMap(client => client.writes)
      .filter(({ path }) => !/\/leases|\/token$/.test(path))
      .map(({ verb, path }) => `${verb} ${path}`);
  }

  /** Lets the whole process stand still at the first such call. Resolves when it does. */
  async stallAt(place: StallAt): Promise<void> {
    await Promise.race(this.#clients.map(client => client.stallAt(place)));
    this.stall();
  }

  /** Lets one call of this process hang. Resolves when it does, with what lets it go on. */
  async hangAt(place: StallAt): Promise<() => void> {
    return Promise.race(this.#clients.map(client => client.hangAt(place)));
  }

  stall(): void {
    this.clock.stall();
    this.#clients.forEach(client => client.stall());
  }

  /** What it waited for comes first, its timers afterwards, as the event loop does it. */
  async resume(): Promise<void> {
    this.#clients.forEach(client => client.resume());
    await new Promise(resolve => setImmediate(resolve));
    this.clock.resume();
  }

  async stop(): Promise<void> {
    await this.resume();
    await this.controller.stop();
    await this.#sweeper.stop();
    await this.clusters.stop();
  }

  #wrap(inner: Clusters): Clusters {
    const wrapped = (connection: ClusterConnection) =>
      this.#wrapConnection(connection);
    return {
      health: () => inner.health(),
      byName: name => wrapped(inner.byName(name)),
      byUid: uid => {
        const connection = inner.byUid(uid);
        return connection && wrapped(connection);
      },
      suspend: (uid, message) => inner.suspend(uid, message),
      onReady: listener =>
        inner.onReady(connection => listener(wrapped(connection))),
      start: () => inner.start(),
      stop: () => inner.stop(),
    };
  }

  #wrapConnection(connection: ClusterConnection): ClusterConnection {
    const known = this.#wrapped.get(connection);
    if (known) {
      return known;
    }
    const client = new StallableKubeClient(connection.client);
    this.#clients.push(client);
    const wrapped = { ...connection, client };
    this.#wrapped.set(connection, wrapped);
    return wrapped;
  }
}
