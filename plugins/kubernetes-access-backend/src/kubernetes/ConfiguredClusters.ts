import type { LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import type { ClusterOptions } from '../config/types';
import type { Clock } from '../controller';
import { ConfiguredCluster } from './ConfiguredCluster';
import type { ClusterConnection, ClusterHealth, Clusters } from './types';

type ReadyListener = (connection: ClusterConnection) => void;

/** The clusters of the configuration. */
export class ConfiguredClusters implements Clusters {
  readonly #clusters = new Map<string, ConfiguredCluster>();
  readonly #announced = new Map<string, ClusterConnection>();
  readonly #listeners = new Set<ReadyListener>();
  /** Why a cluster must not be used, by its UID. */
  readonly #suspended = new Map<string, string>();
  readonly #logger: LoggerService;

  constructor(options: {
    clusters: ClusterOptions[];
    clock: Clock;
    logger: LoggerService;
    random?: () => number;
  }) {
    const { clock, logger, random = Math.random } = options;
    this.#logger = logger;
    for (const each of options.clusters) {
      this.#clusters.set(
        each.name,
        new ConfiguredCluster({
          options: each,
          clock,
          logger,
          random,
          objectionTo: connection => this.#objectionTo(connection),
          onReady: connection => this.#announce(connection),
        }),
      );
    }
  }

  health(): ClusterHealth[] {
    return [...this.#clusters.values()].map(({ connection, health }) => {
      const message = connection && this.#suspended.get(connection.uid);
      return message ? { ...health, state: 'suspended', message } : health;
    });
  }

  byName(name: string): ClusterConnection {
    const cluster = this.#clusters.get(name);
    if (!cluster) {
      throw new NotFoundError(`There is no cluster '${name}'`);
    }
    if (!cluster.connection) {
      throw new ServiceUnavailableError(
        cluster.health.message ??
          `Cluster '${cluster.health.title}' is still being connected to`,
      );
    }
    const message = this.#suspended.get(cluster.connection.uid);
    if (message) {
      throw new ServiceUnavailableError(message);
    }
    return cluster.connection;
  }

  byUid(uid: string): ClusterConnection | undefined {
    return this.#suspended.has(uid)
      ? undefined
      : [...this.#clusters.values()]
          .map(({ connection }) => connection)
          .find(connection => connection?.uid === uid);
  }

  suspend(uid: string, message: string | undefined): void {
    if (message) {
      this.#suspended.set(uid, message);
    } else {
      this.#suspended.delete(uid);
    }
  }

  onReady(listener: ReadyListener): () => void {
    this.#listeners.add(listener);
    this.#announced.forEach(connection => this.#tell(listener, connection));
    return () => {
      this.#listeners.delete(listener);
    };
  }

  start(): void {
    for (const cluster of this.#clusters.values()) {
      // `check` never rejects.
      cluster.check().catch(() => undefined);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#clusters.values()].map(each => each.stop()));
  }

  /** Two names for one cluster would make two grants of one request. */
  #objectionTo({ name, uid }: ClusterConnection): string | undefined {
    const known = [...this.#announced.values()].find(
      announced => announced.uid === uid && announced.name !== name,
    );
    return (
      known &&
      `is the same cluster as '${known.name}'; keep one of the two in kubernetesAccess.clusters`
    );
  }

  #announce(connection: ClusterConnection): void {
    if (this.#announced.get(connection.name) !== connection) {
      this.#announced.set(connection.name, connection);
      this.#listeners.forEach(listener => this.#tell(listener, connection));
    }
  }

  #tell(listener: ReadyListener, connection: ClusterConnection): void {
    try {
      listener(connection);
    } catch (error) {
      this.#logger.error(
        `Something that waited for cluster '${connection.name}' failed`,
        error instanceof Error ? error : new Error(String(error)),
      );
    }
  }
}
