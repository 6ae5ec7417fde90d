import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type {
  DatabaseService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { AuditKey, AuditTrail } from '../audit';
import {
  AuditArchive,
  DatabaseAuditTrail,
  readOrCreateKeyFile,
  RefusalTrail,
} from '../audit';
import type { KubernetesAccessOptions } from '../config';
import type { Clock } from '../controller';
import {
  DatabaseChangeFeed,
  databaseClock,
  DatabaseReapQueue,
  DatabaseRecordingStore,
  DatabaseReplicaStore,
  DatabaseRequestStore,
  DatabaseSessionStore,
  isPostgres,
  openDatabase,
  readInstallationId,
  refuseSecondReplica,
  ReplicaHeartbeat,
} from '../database';
import type {
  ReapQueue,
  RecordingStore,
  ReplicaStore,
  RequestStore,
  SessionStore,
} from '../database';

/** Everything that is kept. */
export interface Stores {
  installationId: string;
  audit: AuditTrail;
  archive: AuditArchive;
  refusals: RefusalTrail;
  requests: RequestStore;
  sessions: SessionStore;
  recordings: RecordingStore;
  reaps: ReapQueue;
  replicas: ReplicaStore;
}

/** The stores, and what this replica shares with the others on the same database. */
export interface OpenStores extends Stores {
  /** Says that this replica is alive; to be started before anything can be redeemed here. */
  contact: ReplicaHeartbeat;
  /** Tells of the changes of all replicas; to be started before whoever listens. */
  feed: DatabaseChangeFeed;
}

/**
 * Opens the plugin's database and the stores on it.
 *
 * @throws Error when another replica is alive and the database is SQLite
 */
export async function openStores(input: {
  database: DatabaseService;
  logger: LoggerService;
  options: Pick<KubernetesAccessOptions, 'audit'>;
  clock: Clock;
  /** The id of this process. */
  replica: string;
}): Promise<OpenStores> {
  const { logger, replica } = input;
  const keys = await auditKeys(input.options.audit, logger);
  const knex = await openDatabase(input.database);
  const clock = databaseClock;
  const installationId = await readInstallationId(knex, clock);
  const replicas = new DatabaseReplicaStore({ knex, clock, installationId });
  const us = { id: replica, host: hostname(), pid: process.pid };
  if (!isPostgres(knex)) {
    await refuseSecondReplica({ replicas, replica: us, clock: input.clock });
  }
  const audit = new DatabaseAuditTrail({ knex, clock, keys });
  const requests = new DatabaseRequestStore({
    knex,
    clock,
    audit,
    installationId,
    replica,
    logger,
  });
  return {
    installationId,
    audit,
    archive: new AuditArchive({ knex, keys }),
    refusals: new RefusalTrail({ audit, clock: input.clock }),
    requests,
    sessions: new DatabaseSessionStore({ knex, clock, audit, installationId }),
    recordings: new DatabaseRecordingStore({ knex }),
    reaps: new DatabaseReapQueue({ knex, clock, audit, installationId }),
    replicas,
    contact: new ReplicaHeartbeat({
      replicas,
      replica: us,
      clock: input.clock,
      logger,
    }),
    feed: new DatabaseChangeFeed({
      knex,
      store: requests,
      installationId,
      replica,
      clock: input.clock,
      logger,
    }),
  };
}

async function auditKeys(
  { keys, keyFile }: KubernetesAccessOptions['audit'],
  logger: LoggerService,
): Promise<AuditKey[]> {
  if (keys.length > 0) {
    return keys;
  }
  if (keyFile) {
    return [await readOrCreateKeyFile(keyFile)];
  }
  logger.warn(
    'The audit trail is signed with a key that is forgotten when this process ends, so that it cannot be verified afterwards: set kubernetesAccess.audit.keys',
  );
  const secret = randomBytes(32).toString('hex');
  return [{ id: `process-${secret.slice(0, 8)}`, secret }];
}
