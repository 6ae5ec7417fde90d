import type { Knex } from 'knex';
import type { DatabaseClock } from './DatabaseClock';
import { liveReplicas } from './liveReplicas';
import type { ReplicaRow } from './tables';
import { TABLES } from './tables';
import type { Replica, ReplicaStore } from './types';

/** Long after everybody has seen that a replica is dead. */
const FORGET_MS = 24 * 3_600_000;

/** Keeps in the plugin's database which replicas are alive. */
export class DatabaseReplicaStore implements ReplicaStore {
  readonly #knex: Knex;
  readonly #clock: DatabaseClock;
  readonly #installationId: string;

  constructor(options: {
    knex: Knex;
    clock: DatabaseClock;
    installationId: string;
  }) {
    this.#knex = options.knex;
    this.#clock = options.clock;
    this.#installationId = options.installationId;
  }

  async beat({ id, host, pid }: Replica): Promise<Date> {
    const now = await this.#clock.now(this.#knex);
    const at = now.toISOString();
    await this.#knex<ReplicaRow>(TABLES.replicas)
      .insert({
        id,
        installation_id: this.#installationId,
        host,
        pid,
        started_at: at,
        seen_at: at,
      })
      .onConflict('id')
      .merge(['seen_at']);
    return now;
  }

  async remove(id: string): Promise<void> {
    await this.#knex<ReplicaRow>(TABLES.replicas).where({ id }).delete();
  }

  async forgetDead(): Promise<void> {
    const now = await this.#clock.now(this.#knex);
    await this.#knex<ReplicaRow>(TABLES.replicas)
      .where({ installation_id: this.#installationId })
      .where('seen_at', '<', new Date(now.getTime() - FORGET_MS).toISOString())
      .delete();
  }

  async listOthersAlive(
    id: string,
  ): Promise<Array<Replica & { seenAt: string }>> {
    const now = await this.#clock.now(this.#knex);
    const rows = await liveReplicas(
      this.#knex,
      this.#installationId,
      now,
    ).whereNot({ id });
    return rows.map(row => ({
      id: row.id,
      host: row.host,
      pid: row.pid,
      seenAt: row.seen_at,
    }));
  }
}
