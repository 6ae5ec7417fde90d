import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Router } from 'express';
import type { AuditTrail, RefusalTrail } from '../audit';
import type { KubernetesAccessOptions } from '../config/types';
import type { Clock } from '../controller/Clock';
import type {
  DatabaseContact,
  RecordingStore,
  RequestStore,
  SessionStore,
  StoredSession,
} from '../database/types';
import type { GrantAccess } from '../grants/types';
import type { Clusters } from '../kubernetes/types';
import { Recorder } from '../recordings';
import { ContactGuard } from './ContactGuard';
import { ENDINGS } from './endingMessages';
import { OutputShare } from './OutputShare';
import { PodFate } from './PodFate';
import { SessionAdmission } from './SessionAdmission';
import { SessionGateway } from './SessionGateway';
import { SessionRegistry } from './SessionRegistry';
import { SessionService } from './SessionService';
import { TrafficNotes } from './TrafficNotes';
import type { LiveSessions, SessionAuthority, SessionOpener } from './types';
import { REQUEST_START, UpgradeRouter } from './UpgradeRouter';

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
  /** Whether the database is heard from. */
  contact: DatabaseContact;
  authority: SessionAuthority;
  options: Pick<KubernetesAccessOptions, 'sessions'> & {
    recording: Omit<KubernetesAccessOptions['recording'], 'approversMayPlay'>;
  };
  clock: Clock;
  logger: LoggerService;
  /** The id of this process. */
  replica: string;
  /** The version of this plugin. */
  version: string;
  /** Where {@link Sessions.router} is mounted. */
  basePath: string;
  /** Called for each session of this process whose end is on record. Must not throw. */
  onClosed?: (session: StoredSession) => void;
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
  const registry = new SessionRegistry({ onClosed: input.onClosed });
  const notes = new TrafficNotes({
    traffic: () => registry.traffic(),
    sessions,
    replica,
    clock,
    logger,
  });
  registry.onAdded(() => notes.arm());
  const contact = new ContactGuard({ ...input, registry });
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
  const share = new OutputShare(() => clock.monotonic());
  const noteRequest = () => share.noteRequest();
  const gateway = new SessionGateway({
    sessions,
    admission: new SessionAdmission(input),
    authority: input.authority,
    contact,
    share,
    fate: new PodFate(input),
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
    clock,
    onUpgrade: gateway.accept.bind(gateway),
  });
  return {
    opener: new SessionService({
      requests,
      sessions,
      clusters: input.clusters,
      grants: input.grants,
      authority: input.authority,
      contact,
      limits: options.sessions,
      recorded: options.recording.enabled,
      replica,
      refusals,
    }),
    live: registry,
    router: upgrades.router,
    start: async () => {
      contact.start();
      upgrades.start();
      subscribe(REQUEST_START, noteRequest);
    },
    stop: async () => {
      unsubscribe(REQUEST_START, noteRequest);
      upgrades.stop();
      gateway.stop();
      await Promise.race([
        Promise.all([notes.stop(), registry.closeAll(ENDINGS.shuttingDown)]),
        timeUp(clock, SHUTDOWN_MS),
      ]);
      contact.stop();
    },
  };
}

async function timeUp(clock: Clock, delayMs: number): Promise<void> {
  await new Promise<void>(resolve => {
    clock.schedule(delayMs, resolve);
  });
}
