import { randomUUID } from 'node:crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { AuditArchive, DatabaseAuditTrail } from '../audit';
import type { Clock } from '../controller/Clock';
import type { DatabaseClock } from '../database';
import {
  DatabaseReapQueue,
  DatabaseRecordingStore,
  DatabaseReplicaStore,
  DatabaseRequestStore,
  DatabaseSessionStore,
  migrate,
} from '../database';
import type { Engine } from './engines';
import { connectSqlite, createTestDatabase, defaultEngine } from './engines';

/** The stores on a real database that is as young as the test. */
export interface TestStores {
  knex: Knex;
  replica: string;
  installationId: string;
  clock: DatabaseClock;
  audit: DatabaseAuditTrail;
  archive: AuditArchive;
  requests: DatabaseRequestStore;
  sessions: DatabaseSessionStore;
  recordings: DatabaseRecordingStore;
  reaps: DatabaseReapQueue;
  replicas: DatabaseReplicaStore;
  close(): Promise<void>;
}

/** A database whose clock is the test's. */
export function clockOf(clock: Clock): DatabaseClock {
  return { now: async () => new Date(clock.now()) };
}

/** Opens the stores on `knex`, or on a new database of the engine: SQLite is kept in memory then. */
export async function openTestStores(options: {
  clock: Clock;
  engine?: Engine;
  knex?: Knex;
  installationId?: string;
  /** The id of the process that has these stores. */
  replica?: string;
  logger?: Pick<LoggerService, 'error'>;
}): Promise<TestStores> {
  const { knex, close } = await openKnex(options);
  await migrate(knex);
  const clock = clockOf(options.clock);
  const keys = [{ id: 'test', secret: 'a secret for tests' }];
  const audit = new DatabaseAuditTrail({ knex, clock, keys });
  const installationId = options.installationId ?? 'installation-1';
  const replica = options.replica ?? randomUUID();
  return {
    knex,
    replica,
    installationId,
    clock,
    audit,
    archive: new AuditArchive({ knex, keys }),
    requests: new DatabaseRequestStore({
      knex,
      clock,
      audit,
      installationId,
      replica,
      logger: options.logger ?? mockServices.logger.mock(),
    }),
    sessions: new DatabaseSessionStore({ knex, clock, audit, installationId }),
    recordings: new DatabaseRecordingStore({ knex }),
    reaps: new DatabaseReapQueue({ knex, clock, audit, installationId }),
    replicas: new DatabaseReplicaStore({ knex, clock, installationId }),
    close,
  };
}

async function openKnex(options: {
  engine?: Engine;
  knex?: Knex;
}): Promise<{ knex: Knex; close: () => Promise<void> }> {
  const { knex, engine = defaultEngine() } = options;
  if (knex) {
    return { knex, close: () => knex.destroy() };
  }
  if (engine === 'sqlite') {
    const memory = connectSqlite(':memory:');
    return { knex: memory, close: () => memory.destroy() };
  }
  const database = await createTestDatabase(engine);
  return { knex: database.connect(), close: () => database.close() };
}
