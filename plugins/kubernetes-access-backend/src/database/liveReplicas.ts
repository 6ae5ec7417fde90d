import type { Knex } from 'knex';
import type { ReplicaRow } from './tables';
import { TABLES } from './tables';

/** A replica that was not seen for longer is dead: its sessions belong to nobody. */
export const REPLICA_DEAD_MS = 15_000;

/** The replicas of an installation that are alive at `now`, by the database's clock. */
export function liveReplicas(
  knex: Knex,
  installationId: string,
  now: Date,
): Knex.QueryBuilder<ReplicaRow, ReplicaRow[]> {
  return knex<ReplicaRow>(TABLES.replicas)
    .where({ installation_id: installationId })
    .where(
      'seen_at',
      '>=',
      new Date(now.getTime() - REPLICA_DEAD_MS).toISOString(),
    );
}
