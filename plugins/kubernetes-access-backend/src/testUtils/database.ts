import type { LoggerService } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import Knex from 'knex';
import type { Knex as KnexType } from 'knex';
import { DatabaseAuditTrail } from '../audit';
import type { Clock } from '../controller/Clock';
import type { DatabaseClock } from '../database';
import {
  DatabaseRecordingStore,
  DatabaseReplicaStore,
  DatabaseRequestStore,
  DatabaseSessionStore,
  migrate,
} from '../database';

/** The stores on a real database that is as young as the test. */
export interface TestStores {
  knex: KnexType;
  clock: DatabaseClock;
  audit: DatabaseAuditTrail;
  requests: DatabaseRequestStore;
  sessions: DatabaseSessionStore;
  recordings: DatabaseRecordingStore;
  replicas: DatabaseReplicaStore;
  close(): Promise<void>;
}

/** A database whose clock is the test's. */
export function clockOf(clock: Clock): DatabaseClock {
  return { now: async () => new Date(clock.now()) };
}

/** Opens the stores on SQLite in memory, or on `knex`. */
export async function openTestStores(options: {
  clock: Clock;
  knex?: KnexType;
  installationId?: string;
  logger?: Pick<LoggerService, 'error'>;
}): Promise<TestStores> {
  const knex =
    options.knex ??
    Knex({
      client: 'better-sqlite3',
      connection: ':memory:',
      useNullAsDefault: true,
      pool: { min: 1, max: 1 },
    });
  await migrate(knex);
  const clock = clockOf(options.clock);
  const audit = new DatabaseAuditTrail({
    knex,
    clock,
    keys: [{ id: 'test', secret: 'a secret for tests' }],
  });
  const installationId = options.installationId ?? 'installation-1';
  return {
    knex,
    clock,
    audit,
    requests: new DatabaseRequestStore({
      knex,
      clock,
      audit,
      installationId,
      logger: options.logger ?? mockServices.logger.mock(),
    }),
    sessions: new DatabaseSessionStore({ knex, clock, audit, installationId }),
    recordings: new DatabaseRecordingStore({ knex }),
    replicas: new DatabaseReplicaStore({ knex, clock, installationId }),
    close: () => knex.destroy(),
  };
}
