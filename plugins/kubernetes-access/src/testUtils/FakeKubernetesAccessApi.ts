import type {
  AccessCounts,
  AccessRequestDetail,
  AccessRequestPage,
  AllowedActions,
  ClusterStatus,
  CreateAccessRequest,
  EntityAccess,
  KubernetesAccessApi,
  ListAccessRequests,
  ListLiveSessions,
  LiveSessionPage,
  PodSummary,
  RequestReview,
  SessionTicket,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { isTerminal } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { paymentsAccess } from './entityAccess';
import { refusal } from './refusal';

/** What the fake API starts with. */
export interface FakeApiOptions {
  /** The entity ref of the signed-in user. */
  user?: string;
  requests?: AccessRequestDetail[];
  /** By entity ref; what is missing is like payments-api. */
  entities?: Record<string, Partial<EntityAccess>>;
  /** Set for an admin, who sees them. */
  clusters?: ClusterStatus[];
  now?: () => Date;
}

/** The API on a few requests in memory, for tests and `yarn start`. It keeps the rules that the pages show. */
export class FakeKubernetesAccessApi implements KubernetesAccessApi {
  /** Everybody's requests, newest first. Tests change them to play the others. */
  requests: AccessRequestDetail[];
  /** The lines of recordings, by the id of the session. */
  recordings: Record<string, string[]> = {};
  /** The lines that come while somebody watches, by the id of the session. */
  shownLater: Record<string, AsyncIterable<string>> = {};
  /** What a decider is told of a request, where it is not what can be told from the others. */
  reviews: Record<string, Partial<RequestReview>> = {};
  /** Set to make the next calls fail. */
  failWith?: Error;
  /** The calls that changed something, as `name id`. */
  readonly calls: string[] = [];

  readonly #user: string;
  readonly #entities: Record<string, Partial<EntityAccess>>;
  readonly #clusters?: ClusterStatus[];
  readonly #now: () => Date;
  readonly #sent = new Map<string, string>();

  constructor(options: FakeApiOptions = {}) {
    this.#user = options.user ?? 'user:default/ada';
    this.requests = options.requests ?? [];
    this.#entities = options.entities ?? {};
    this.#clusters = options.clusters;
    this.#now = options.now ?? (() => new Date());
  }

  async getEntityAccess(entityRef: string): Promise<EntityAccess> {
    this.#failIfAsked();
    const access = paymentsAccess({ entityRef, ...this.#entities[entityRef] });
    const here = this.requests.filter(r => r.entityRef === entityRef);
    const mine = here.filter(r => r.requester === this.#user);
    const ended = mine.find(r => isTerminal(r.phase));
    return {
      ...access,
      requests: mine
        .filter(r => !isTerminal(r.phase) || r === ended)
        .map(r => this.#seen(r)),
      toDecide: here.filter(r => this.#seen(r).actions.decide).length,
      mayDecide: access.approvers.users.includes(this.#user),
      maySeeOthers:
        access.maySeeOthers || access.approvers.users.includes(this.#user),
    };
  }

  async createRequest(
    asked: CreateAccessRequest,
    options: { idempotencyKey?: string } = {},
  ): Promise<AccessRequestDetail> {
    this.#failIfAsked();
    const key = options.idempotencyKey ?? '';
    const earlier = this.requests.find(r => r.id === this.#sent.get(key));
    if (earlier) {
      return this.#seen(earlier);
    }
    const access = paymentsAccess(this.#entities[asked.entityRef]);
    const target = access.targets.find(
      ({ cluster, namespace }) =>
        cluster.name === (asked.cluster ?? cluster.name) &&
        namespace === (asked.namespace ?? namespace),
    );
    if (!target) {
      throw refusal(404, `${asked.entityRef} does not run there`);
    }
    const createdAt = this.#now().toISOString();
    const id = `01jd7${String(this.requests.length).padStart(21, '0')}`;
    const request: AccessRequestDetail = {
      id,
      requester: this.#user,
      entityRef: asked.entityRef,
      cluster: target.cluster,
      targets: [
        { namespace: target.namespace, podSelector: target.podSelector },
      ],
      accessLevel: asked.accessLevel,
      reason: asked.reason,
      durationSeconds: asked.durationSeconds,
      policy: { name: 'default', approvals: access.limits.approvals },
      digest: `sha256:${'b'.repeat(64)}`,
      createdAt,
      pendingUntil: this.#in(access.limits.pendingSeconds),
      phase: 'Pending',
      asOf: createdAt,
      approvers: access.approvers,
      decisions: [],
      removal: { state: 'none' },
      actions: {
        decide: false,
        cancel: false,
        revoke: false,
        openSession: false,
      },
      timeline: [{ kind: 'asked', at: createdAt, actor: this.#user }],
      sessions: [],
    };
    this.calls.push(`create ${id}`);
    this.#sent.set(key, id);
    this.requests = [request, ...this.requests];
    return this.#seen(request);
  }

  async listRequests(query: ListAccessRequests): Promise<AccessRequestPage> {
    this.#failIfAsked();
    const items = this.requests
      .map(request => this.#seen(request))
      .filter(
        r =>
          (query.scope !== 'mine' || r.requester === this.#user) &&
          (query.scope !== 'to-decide' || r.actions.decide) &&
          (!query.entityRef || r.entityRef === query.entityRef) &&
          (query.open === undefined || query.open === !isTerminal(r.phase)) &&
          (!query.phase || query.phase.includes(r.phase)) &&
          (!query.askedFrom || r.createdAt >= query.askedFrom) &&
          (!query.askedBefore || r.createdAt < query.askedBefore) &&
          isFound(r, query.search),
      );
    const sorted = query.scope === 'to-decide' ? items.reverse() : items;
    const from = Number(query.cursor ?? 0);
    const to = from + (query.limit ?? 25);
    return {
      items: sorted.slice(from, to),
      ...(to < sorted.length ? { nextCursor: String(to) } : {}),
    };
  }

  async getRequest(id: string): Promise<AccessRequestDetail> {
    this.#failIfAsked();
    return this.#seen(this.#find(id));
  }

  async reviewRequest(id: string): Promise<RequestReview> {
    this.#failIfAsked();
    const request = this.#find(id);
    const { targets } = paymentsAccess(this.#entities[request.entityRef]);
    return {
      pods: targets.flatMap(({ pods }) => pods).length,
      traits: [],
      earlier: this.requests.filter(
        one =>
          one.requester === request.requester &&
          one.entityRef === request.entityRef &&
          one.createdAt < request.createdAt,
      ),
      ...this.reviews[id],
    };
  }

  async approveRequest(
    id: string,
    decision: { digest: string; comment?: string },
  ): Promise<AccessRequestDetail> {
    const request = this.#decidable(id, decision.digest);
    const at = this.#now().toISOString();
    const expiresAt = this.#in(request.durationSeconds);
    const row = {
      actor: this.#user,
      verdict: 'approve' as const,
      comment: decision.comment,
      at,
    };
    return this.#change('approve', {
      ...request,
      phase: 'Active',
      decisions: [...request.decisions, row],
      startsAt: at,
      expiresAt,
      timeline: [
        ...request.timeline,
        { kind: 'decided', ...row },
        { kind: 'started', at, expiresAt },
        { kind: 'granted', at },
      ],
    });
  }

  async denyRequest(
    id: string,
    decision: { digest: string; comment: string },
  ): Promise<AccessRequestDetail> {
    const request = this.#decidable(id, decision.digest);
    const at = this.#now().toISOString();
    const row = {
      actor: this.#user,
      verdict: 'deny' as const,
      comment: decision.comment,
      at,
    };
    return this.#change('deny', {
      ...request,
      phase: 'Denied',
      decisions: [...request.decisions, row],
      endedAt: at,
      endReason: 'denied',
      endedBy: this.#user,
      endComment: decision.comment,
      timeline: [...request.timeline, { kind: 'decided', ...row }],
    });
  }

  async cancelRequest(
    id: string,
    end: { comment?: string } = {},
  ): Promise<AccessRequestDetail> {
    return this.#end('cancel', id, 'cancelled', end.comment);
  }

  async revokeRequest(
    id: string,
    end: { comment?: string } = {},
  ): Promise<AccessRequestDetail> {
    return this.#end('revoke', id, 'revoked', end.comment);
  }

  async listPods(id: string): Promise<PodSummary[]> {
    this.#failIfAsked();
    const { entityRef } = this.#find(id);
    return paymentsAccess(this.#entities[entityRef]).targets.flatMap(
      ({ pods }) => pods,
    );
  }

  async openSession(): Promise<SessionTicket> {
    throw refusal(403, 'There is no cluster behind the sample data');
  }

  async *readRecording(
    id: string,
    sessionId: string,
    { follow }: { follow?: boolean } = {},
  ): AsyncGenerator<string> {
    this.#failIfAsked();
    this.#find(id);
    const lines = this.recordings[sessionId];
    if (!lines) {
      throw refusal(404, 'This session was not recorded');
    }
    this.calls.push(`${follow ? 'watch' : 'read'} recording ${sessionId}`);
    yield* lines;
    if (follow) {
      yield* this.shownLater[sessionId] ?? [];
    }
  }

  async listLiveSessions(
    query: ListLiveSessions = {},
  ): Promise<LiveSessionPage> {
    this.#failIfAsked();
    const items = this.requests.flatMap(request =>
      request.sessions
        .filter(({ state }) => state === 'open')
        .map(session => ({ session, request: this.#seen(request) })),
    );
    const from = Number(query.cursor ?? 0);
    const to = from + (query.limit ?? 25);
    return {
      items: items.slice(from, to),
      ...(to < items.length ? { nextCursor: String(to) } : {}),
    };
  }

  async listClusters(): Promise<ClusterStatus[]> {
    this.#failIfAsked();
    if (!this.#clusters) {
      throw refusal(404, 'There is nothing here');
    }
    return this.#clusters;
  }

  async getCounts(): Promise<AccessCounts> {
    this.#failIfAsked();
    const seen = this.requests.map(request => this.#seen(request));
    return {
      toDecide: seen.filter(({ actions }) => actions.decide).length,
      mine: seen.filter(r => r.requester === this.#user && !isTerminal(r.phase))
        .length,
      ...(this.#clusters && {
        clusterAlarms: this.#clusters.filter(({ state }) => state !== 'ready')
          .length,
      }),
    };
  }

  async getSessionUrl(ticket: SessionTicket): Promise<string> {
    return `ws://localhost/api/kubernetes-access${ticket.path}`;
  }

  #failIfAsked(): void {
    if (this.failWith) {
      throw this.failWith;
    }
  }

  #find(id: string): AccessRequestDetail {
    const request = this.requests.find(r => r.id === id);
    if (!request) {
      throw refusal(404, `No request ${id}`);
    }
    return request;
  }

  #decidable(id: string, digest: string): AccessRequestDetail {
    this.#failIfAsked();
    const request = this.#find(id);
    if (request.phase !== 'Pending') {
      throw refusal(409, `The request has been decided: ${request.phase}.`);
    }
    if (request.digest !== digest) {
      throw refusal(409, 'The request is not the one that was shown.');
    }
    if (!this.#actions(request).decide) {
      throw refusal(403, 'You are not one of the approvers.');
    }
    return request;
  }

  #end(
    call: 'cancel' | 'revoke',
    id: string,
    reason: 'cancelled' | 'revoked',
    comment?: string,
  ): AccessRequestDetail {
    this.#failIfAsked();
    const request = this.#find(id);
    if (isTerminal(request.phase)) {
      throw refusal(409, 'The request has ended already.');
    }
    const at = this.#now().toISOString();
    return this.#change(call, {
      ...request,
      phase: reason === 'revoked' ? 'Revoked' : 'Cancelled',
      endedAt: at,
      endReason: reason,
      endedBy: this.#user,
      endComment: comment,
      removal: request.startsAt ? { state: 'removed', at } : { state: 'none' },
      timeline: [
        ...request.timeline,
        { kind: 'ended', at, actor: this.#user, reason, comment },
        ...(request.startsAt ? [{ kind: 'removed' as const, at }] : []),
      ],
    });
  }

  #change(call: string, changed: AccessRequestDetail): AccessRequestDetail {
    this.calls.push(`${call} ${changed.id}`);
    this.requests = this.requests.map(r => (r.id === changed.id ? changed : r));
    return this.#seen(changed);
  }

  /** The request as the signed-in user sees it now. */
  #seen(request: AccessRequestDetail): AccessRequestDetail {
    return {
      ...request,
      asOf: this.#now().toISOString(),
      actions: this.#actions(request),
    };
  }

  #actions(request: AccessRequestDetail): AllowedActions {
    const isMine = request.requester === this.#user;
    const isApprover = request.approvers.users.includes(this.#user) && !isMine;
    const isOpen = !isTerminal(request.phase);
    return {
      decide: isApprover && request.phase === 'Pending',
      cancel: isMine && isOpen,
      revoke: isApprover && isOpen && request.phase !== 'Pending',
      openSession: isMine && request.phase === 'Active',
    };
  }

  #in(seconds: number): string {
    return new Date(this.#now().getTime() + seconds * 1000).toISOString();
  }
}

/** Every word stands in its entity, its requester, a decider or its reason. */
function isFound(request: AccessRequestDetail, search: string = ''): boolean {
  const text = [
    request.entityRef,
    request.requester,
    request.reason,
    ...request.decisions.map(({ actor }) => actor),
  ]
    .join('\n')
    .toLocaleLowerCase('en-US');
  return search
    .toLocaleLowerCase('en-US')
    .split(/\s+/)
    .every(word => text.includes(word));
}
