import { readInstallationId, databaseClock } from '../../database';
import type { AccessApi } from '../chaos/AccessApi';
import { ReplicaProcess } from '../chaos/ReplicaProcess';
import type { Engine, TestDatabase } from '../engines';
import { createTestDatabase } from '../engines';
import { connectPluginDatabase } from '../pluginDatabase';
import type { Filling } from './fillDatabase';
import { fillDatabase } from './fillDatabase';

/** The cluster of a bench as back ends reach it. */
export interface BenchCluster {
  kubeconfig: string;
  uid: string;
}

/** A back end that is a process of its own, on a database that has seen much, or nothing yet. */
export class StoredBackend {
  static async start(
    engine: Engine,
    cluster: BenchCluster,
    stored: number,
  ): Promise<StoredBackend> {
    const database = await createTestDatabase(engine);
    const backend = new StoredBackend(database, cluster);
    // The first start makes the tables.
    await backend.run();
    await backend.stop();
    await backend.write(filling => fillDatabase(filling, stored));
    return backend;
  }

  #replica: ReplicaProcess | undefined;
  #spare = ReplicaProcess.load();

  private constructor(
    private readonly database: TestDatabase,
    private readonly cluster: BenchCluster,
  ) {}

  get api(): AccessApi {
    if (!this.#replica) {
      throw new Error('The back end does not run');
    }
    return this.#replica.api;
  }

  /** Starts it; its modules were loaded before. Returns when it listens. */
  async run(): Promise<void> {
    this.#replica = this.#spare;
    await this.#replica.start({
      database: this.database.config,
      kubernetesAccess: {
        admins: ['group:default/platform'],
        audit: {
          keys: [
            { id: 'bench', secret: 'a secret for the bench, long enough' },
          ],
        },
        clusters: [
          {
            name: 'test',
            title: 'Test',
            kubeconfig: { file: this.cluster.kubeconfig },
          },
        ],
      },
    });
  }

  /** Ends it in order, and gets the next one ready. */
  async stop(): Promise<void> {
    await this.#replica?.stop();
    this.#replica = undefined;
    this.#spare = ReplicaProcess.load();
    await this.#spare.loaded();
  }

  /** Writes to its database while it does not run. */
  async write<T>(action: (filling: Filling) => Promise<T>): Promise<T> {
    const knex = connectPluginDatabase(this.database.config);
    try {
      return await action({
        knex,
        installationId: await readInstallationId(knex, databaseClock),
        clusterUid: this.cluster.uid,
      });
    } finally {
      await knex.destroy();
    }
  }

  async close(): Promise<void> {
    await this.#replica?.stop();
    await this.#spare.stop();
    await this.database.close();
  }
}
