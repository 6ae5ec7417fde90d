import type { HttpAuthService } from '@backstage/backend-plugin-api';
import type {
  OpenSession,
  SessionTicket,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { ApprovalService } from '../approvals';
import type { Endings } from '../endings/types';
import type { RequestGate } from '../permissions';
import type {
  Caller,
  CallerResolver,
  EntityAccessService,
  RequestService,
  TargetPods,
} from '../requests';
import type { RequestViews } from './RequestViews';

/** Hands out tickets for sessions; checks on its own that the request stands and the place is one of its own. */
export interface SessionOpener {
  open(
    requestId: string,
    session: OpenSession,
    caller: Caller,
  ): Promise<SessionTicket>;
}

/** What the routes need. */
export interface ApiOptions {
  httpAuth: HttpAuthService;
  callers: Pick<CallerResolver, 'callerOf'>;
  views: RequestViews;
  gate: RequestGate;
  entities: Pick<EntityAccessService, 'describe'>;
  requests: Pick<RequestService, 'create'>;
  approvals: Pick<ApprovalService, 'decide'>;
  endings: Endings;
  pods: TargetPods;
  sessions: SessionOpener;
}
