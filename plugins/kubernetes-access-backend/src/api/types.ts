import type {
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { ApprovalService } from '../approvals';
import type { AuditArchive, AuditTrail, RefusalTrail } from '../audit';
import type { Clock } from '../controller/Clock';
import type {
  DatabaseContact,
  RequestStore,
  SessionStore,
} from '../database/types';
import type { Endings } from '../endings/types';
import type { RequestGate } from '../permissions';
import type { RecordingReader, Watches } from '../recordings';
import type {
  CallerResolver,
  EntityAccessService,
  Names,
  RequestService,
  TargetPods,
} from '../requests';
import type { SessionOpener } from '../sessions/types';
import type { ClusterViews } from './ClusterViews';
import type { LiveSessionViews } from './LiveSessionViews';
import type { RequestViews } from './RequestViews';

/** What the routes need. */
export interface ApiOptions {
  httpAuth: HttpAuthService;
  callers: Pick<CallerResolver, 'callerOf'>;
  views: RequestViews;
  liveSessions: LiveSessionViews;
  clusterViews: ClusterViews;
  gate: RequestGate;
  entities: Pick<EntityAccessService, 'describe'>;
  requests: Pick<RequestService, 'create'>;
  approvals: Pick<ApprovalService, 'decide' | 'standing'>;
  endings: Endings;
  names: Pick<Names, 'learn'>;
  pods: TargetPods;
  sessions: SessionOpener;
  sessionStore: Pick<SessionStore, 'listByRequest'>;
  recordings: Pick<RecordingReader, 'open'>;
  watches: Pick<Watches, 'begin'>;
  excludedNamespaces: string[];
  audit: Pick<AuditTrail, 'append'>;
  archive: AuditArchive;
  refusals: RefusalTrail;
  store: Pick<RequestStore, 'get'>;
  contact: Pick<DatabaseContact, 'lastHeardAt'>;
  clock: Clock;
  logger: LoggerService;
}
