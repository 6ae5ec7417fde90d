import type {
  AccessCounts,
  AccessRequest,
  AccessRequestDetail,
  AccessRequestPage,
  AccessRequestPhase,
  ListAccessRequests,
  RequestState,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { stateAt } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { RequestQuotas } from '../config';
import type {
  ReapQueue,
  RequestQuery,
  RequestStore,
  SessionStore,
  StoredRequest,
} from '../database/types';
import type { AskedAction, RequestGate } from '../permissions';
import { isGuest } from '../permissions/guests';
import type { Caller } from '../requests';
import { askAgainAt, readEntityRef } from '../requests';
import { REQUEST_ID_PATTERN } from '../requests/requestId';
import { limitOf } from './limitOf';
import { MAX_PAGE } from './openapi/schemas';
import type { RequestView } from './toApi';
import { toAccessRequest, toAccessRequestDetail } from './toApi';

/** How often a page is topped up when some of what the query found is not to be shown. */
const MAX_ROUNDS = 20;

/** Shows requests to callers: as of now, and only what exists for them. */
export class RequestViews {
  readonly #store: RequestStore;
  readonly #sessions: Pick<SessionStore, 'listByRequest'>;
  readonly #reaps: Pick<ReapQueue, 'listByRequest'>;
  readonly #gate: RequestGate;
  readonly #titleOf: (clusterName: string) => string;
  readonly #quotas: RequestQuotas;

  constructor(options: {
    store: RequestStore;
    sessions: Pick<SessionStore, 'listByRequest'>;
    reaps: Pick<ReapQueue, 'listByRequest'>;
    gate: RequestGate;
    /** The title of a cluster by its name. */
    titleOf(clusterName: string): string;
    quotas: RequestQuotas;
  }) {
    this.#store = options.store;
    this.#sessions = options.sessions;
    this.#reaps = options.reaps;
    this.#gate = options.gate;
    this.#titleOf = options.titleOf;
    this.#quotas = options.quotas;
  }

  /** @throws NotFoundError also for what the caller may not see */
  async find(caller: Caller, id: string): Promise<StoredRequest> {
    return this.#gate.requireVisible(caller, await this.read(id), id);
  }

  /**
   * A request for somebody who wants to do something with it, and whether they may.
   *
   * @throws NotFoundError also for what the caller may not see
   */
  async findFor(
    caller: Caller,
    action: AskedAction,
    id: string,
  ): Promise<{ request: StoredRequest; isAllowed: boolean }> {
    const request = await this.read(id);
    return this.#gate.requireVisibleFor(caller, action, request, id);
  }

  /** @throws NotFoundError also for what the caller may not see */
  async detail(caller: Caller, id: string): Promise<AccessRequestDetail> {
    const request = await this.read(id);
    this.#gate.foresee(caller, request);
    return this.#detailOf(
      caller,
      await this.#gate.requireVisible(caller, request, id),
    );
  }

  /**
   * A request that was found to be the caller's to see, and that they have just changed: what the framework said
   * before may be different now.
   */
  async detailOf(
    caller: Caller,
    request: StoredRequest,
  ): Promise<AccessRequestDetail> {
    const viewer = { ...caller, answers: new Map() };
    this.#gate.foresee(viewer, request);
    return this.#detailOf(viewer, request);
  }

  async #detailOf(
    caller: Caller,
    request: StoredRequest,
  ): Promise<AccessRequestDetail> {
    const [[view], sessions, reports, mayPlay] = await Promise.all([
      this.#views(caller, [request]),
      this.#sessions.listByRequest(request.id),
      this.#reaps.listByRequest(request.id),
      this.#gate.mayReadRecordings(caller, request),
    ]);
    return toAccessRequestDetail(view, sessions, reports, mayPlay);
  }

  /** As of now. */
  async phaseOf(request: StoredRequest): Promise<AccessRequestPhase> {
    const now = await this.#store.now();
    return stateAt(request, request.observed, now).phase;
  }

  /** Whether the request waits for the caller's decision. */
  async canDecide(caller: Caller, request: StoredRequest): Promise<boolean> {
    if ((await this.phaseOf(request)) !== 'Pending') {
      return false;
    }
    const [{ actions }] = await this.#views(caller, [request]);
    return actions.decide;
  }

  /** @throws InputError for a limit that no page can have */
  async list(
    caller: Caller,
    wanted: ListAccessRequests,
  ): Promise<AccessRequestPage> {
    if (isGuest(caller.userRef)) {
      return { items: [] };
    }
    const limit = limitOf(wanted);
    const permitted = await this.#gate.permitted(
      caller,
      wanted.scope === 'to-decide' ? 'decide' : 'see',
    );
    if (!permitted) {
      return { items: [] };
    }
    const items: AccessRequest[] = [];
    let cursor = wanted.cursor;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const page = await this.#store.list({
        ...this.#query(caller, wanted),
        permitted: permitted.criteria,
        limit: limit - items.length,
        cursor,
      });
      const shown = await this.#shown(caller, wanted, page.items);
      items.push(...shown.map(toAccessRequest));
      cursor = page.nextCursor;
      if (!cursor || items.length >= limit) {
        break;
      }
    }
    return cursor ? { items, nextCursor: cursor } : { items };
  }

  /** Those of the requests that exist for the caller, in no order, and whether they may play what was recorded. */
  async seen(
    caller: Caller,
    ids: string[],
  ): Promise<Array<{ request: AccessRequest; mayPlay: boolean }>> {
    const permitted = await this.#gate.permitted(caller, 'see');
    if (!permitted || ids.length === 0) {
      return [];
    }
    const { items } = await this.#store.list({
      ids,
      permitted: permitted.criteria,
      limit: ids.length,
    });
    const [views, playable] = await Promise.all([
      this.#shown(caller, { scope: 'all' }, items),
      this.#gate.withPlayableRecordings(caller, items),
    ]);
    const ofPlayable = new Set(playable.map(({ id }) => id));
    return views.map(view => ({
      request: toAccessRequest(view),
      mayPlay: ofPlayable.has(view.request.id),
    }));
  }

  async counts(caller: Caller): Promise<AccessCounts> {
    const [toDecide, mine] = await Promise.all([
      this.list(caller, { scope: 'to-decide', limit: MAX_PAGE }),
      this.list(caller, { scope: 'mine', open: true, limit: MAX_PAGE }),
    ]);
    return { toDecide: toDecide.items.length, mine: mine.items.length };
  }

  /** What an entity's Access tab shows of requests. */
  async ofEntity(
    caller: Caller,
    entityRef: string,
  ): Promise<{ requests: AccessRequest[]; toDecide: number }> {
    const [open, ended, toDecide] = await Promise.all([
      this.list(caller, { scope: 'mine', entityRef, open: true }),
      this.list(caller, { scope: 'mine', entityRef, open: false, limit: 1 }),
      this.list(caller, { scope: 'to-decide', entityRef, limit: MAX_PAGE }),
    ]);
    return {
      requests: [...open.items, ...ended.items].sort((a, b) =>
        a.id < b.id ? 1 : -1,
      ),
      toDecide: toDecide.items.length,
    };
  }

  /** A request as it is stored, whoever may see it. */
  async read(id: string): Promise<StoredRequest | undefined> {
    return REQUEST_ID_PATTERN.test(id) ? this.#store.get(id) : undefined;
  }

  #query(
    caller: Caller,
    wanted: ListAccessRequests,
  ): Omit<RequestQuery, 'limit'> {
    const people = { owners: caller.ownershipRefs, user: caller.userRef };
    const common = {
      ...(wanted.entityRef
        ? { entityRef: readEntityRef(wanted.entityRef) }
        : {}),
      open: wanted.open,
      phases: wanted.phase,
      search: wordsOf(wanted.search),
      askedFrom: wanted.askedFrom,
      askedBefore: wanted.askedBefore,
    };
    switch (wanted.scope) {
      case 'mine':
        return { ...common, requester: caller.userRef };
      case 'to-decide':
        return {
          ...common,
          decidableBy: people,
          phases: ['Pending'],
          order: 'oldest',
        };
      default:
        return this.#gate.seesEverything(caller)
          ? common
          : { ...common, visibleTo: people };
    }
  }

  async #shown(
    caller: Caller,
    { scope }: ListAccessRequests,
    requests: StoredRequest[],
  ): Promise<RequestView[]> {
    const visible = this.#gate.onFloor(caller, requests);
    const views = await this.#views(caller, visible);
    return views.filter(
      ({ actions }) => scope !== 'to-decide' || actions.decide,
    );
  }

  async #views(
    caller: Caller,
    requests: StoredRequest[],
  ): Promise<RequestView[]> {
    const now = await this.#store.now();
    const items = requests.map(request => ({
      request,
      state: stateAt(request, request.observed, now),
    }));
    const actions = await this.#gate.actions(caller, items);
    return items.map((item, index) => ({
      ...item,
      now,
      clusterTitle: this.#titleOf(item.request.clusterName),
      actions: actions[index],
      askAgainAt: this.#askAgainAt(item.state, now),
    }));
  }

  #askAgainAt(state: RequestState, now: Date): string | undefined {
    if (state.phase !== 'Denied' || !state.endedAt) {
      return undefined;
    }
    const from = askAgainAt(state.endedAt, this.#quotas);
    return now.toISOString() < from ? from : undefined;
  }
}

function wordsOf(search: string = ''): string[] {
  return search.split(/\s+/).filter(Boolean);
}
