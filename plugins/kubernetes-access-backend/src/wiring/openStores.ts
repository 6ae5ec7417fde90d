import { randomBytes } from 'node:crypto';
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
  databaseClock,
  DatabaseRecordingStore,
  DatabaseRequestStore,
  DatabaseSessionStore,
  openDatabase,
  readInstallationId,
} from '../database';
import type { RecordingStore, RequestStore, SessionStore } from '../database';

/** Everything that is kept. */
export interface Stores {
  installationId: string;
  audit: AuditTrail;
  archive: AuditArchive;
  refusals: RefusalTrail;
  requests: RequestStore;
  sessions: SessionStore;
  recordings: RecordingStore;
}

/** Opens the plugin's database and the stores on it. */
export async function openStores(input: {
  database: DatabaseService;
  logger: LoggerService;
  options: Pick<KubernetesAccessOptions, 'audit'>;
  clock: Clock;
}): Promise<Stores> {
  const keys = await auditKeys(input.options.audit, input.logger);
  const knex = await openDatabase(input.database);
  const clock = databaseClock;
  const installationId = await readInstallationId(knex, clock);
  const audit = new DatabaseAuditTrail({ knex, clock, keys });
  return {
    installationId,
    audit,
    archive: new AuditArchive({ knex, keys }),
    refusals: new RefusalTrail({ audit, clock: input.clock }),
    requests: new DatabaseRequestStore({
      knex,
      clock,
      audit,
      installationId,
      logger: input.logger,
    }),
    sessions: new DatabaseSessionStore({ knex, clock, audit, installationId }),
    recordings: new DatabaseRecordingStore({ knex }),
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
