import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Router } from 'express';
import type { AuditTrail, RefusalTrail } from '../audit';
import type { KubernetesAccessOptions } from '../config/types';
import type { Clock } from '../controller/Clock';
import type {
  RecordingStore,
  RequestStore,
  SessionStore,
  StoredSession,
} from '../database/types';
import type { GrantAccess } from '../grants/types';
import type { Clusters } from '../kubernetes/types';
import { Recorder } from '../recordings';
import { ENDINGS } from './endingMessages';
import { SessionAdmission } from './SessionAdmission';
import { SessionGateway } from './SessionGateway';
import { SessionRegistry } from './SessionRegistry';
import { SessionService } from './SessionService';
import type { LiveSessions, SessionOpener } from './types';
import { UpgradeRouter } from './UpgradeRouter';

/** A shutdown does not wait longer for a database; what it misses is put right at the next start. */
const SHUTDOWN_MS = 5_000;

export interface CreateSessionsOptions {
  requests: RequestStore;
  sessions: SessionStore;
  recordings: RecordingStore;
  audit: AuditTrail;
  refusals: RefusalTrail;
  clusters: Clusters;
  grants: GrantAccess;
  options: Pick<KubernetesAccessOptions, 'sessions' | 'recording'>;
  clock: Clock;
  logger: LoggerService;
  /** The id of this process. */
  replica: string;
  /** The version of this plugin. */
  version: string;
  /** Where {@link Sessions.router} is mounted. */
  basePath: string;
}

/** Everything about sessions, put together. */
export interface Sessions {
  opener: SessionOpener;
  live: LiveSessions;
  /** Serves `/sessions/:id/ws` to whoever has a ticket: exactly this path needs no credentials. */
  router: Router;
  start(): Promise<void>;
  /** Ends all sessions and waits until that is on record. */
  stop(): Promise<void>;
}

export function createSessions(input: CreateSessionsOptions): Sessions {
  const { options, clock, logger, replica, sessions } = input;
  const { requests, refusals } = input;
  const registry = new SessionRegistry();
  const createRecorder = (session: StoredSession) =>
    new Recorder({
      sessionId: session.id,
      requestId: session.requestId,
      store: input.recordings,
      audit: input.audit,
      clock,
      logger,
      maxBytes: options.recording.maxBytesPerSession,
    });
  const gateway = new SessionGateway({
    sessions,
    admission: new SessionAdmission(input),
    registry,
    refusals,
    clock,
    logger,
    allowedOrigins: options.sessions.allowedOrigins,
    idleMs: options.sessions.idleSeconds * 1000,
    replica,
    createRecorder,
  });
  const upgrades = new UpgradeRouter({
    basePath: input.basePath,
    onUpgrade: gateway.accept.bind(gateway),
  });
  return {
    opener: new SessionService({
      requests,
      sessions,
      clusters: input.clusters,
      grants: input.grants,
      limits: options.sessions,
      recorded: options.recording.enabled,
      replica,
      refusals,
      clock,
      logger,
    }),
    live: registry,
    router: upgrades.router,
    start: async () => {
      const abandoned = await sessions.closeAbandoned(
        'The back end stopped while this terminal was open.',
      );
      if (abandoned.length > 0) {
        logger.info(
          `Closed ${abandoned.length} sessions that were open when the back end stopped`,
        );
      }
      upgrades.start();
    },
    stop: async () => {
      upgrades.stop();
      gateway.stop();
      await Promise.race([
        registry.closeAll(ENDINGS.shuttingDown),
        timeUp(clock, SHUTDOWN_MS),
      ]);
    },
  };
}

async function timeUp(clock: Clock, delayMs: number): Promise<void> {
  await new Promise<void>(resolve => {
    clock.schedule(delayMs, resolve);
  });
}
