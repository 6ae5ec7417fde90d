import type {
  ListLiveSessions,
  LiveSessionPage,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { SessionStore } from '../database/types';
import type { RequestGate } from '../permissions';
import { isGuest } from '../permissions/guests';
import type { Caller } from '../requests';
import { limitOf } from './limitOf';
import type { RequestViews } from './RequestViews';
import { toSessionSummary } from './toApi';

/** Shows the sessions that are open now, to those for whom the requests exist that they are under. */
export class LiveSessionViews {
  readonly #sessions: Pick<SessionStore, 'listOpen'>;
  readonly #views: Pick<RequestViews, 'seen'>;
  readonly #gate: RequestGate;

  constructor(options: {
    sessions: Pick<SessionStore, 'listOpen'>;
    views: Pick<RequestViews, 'seen'>;
    gate: RequestGate;
  }) {
    this.#sessions = options.sessions;
    this.#views = options.views;
    this.#gate = options.gate;
  }

  async list(
    caller: Caller,
    wanted: ListLiveSessions,
  ): Promise<LiveSessionPage> {
    const permitted = await this.#gate.permitted(caller, 'see');
    if (!permitted || isGuest(caller.userRef)) {
      return { items: [] };
    }
    const page = await this.#sessions.listOpen({
      requests: {
        permitted: permitted.criteria,
        ...(this.#gate.seesEverything(caller)
          ? {}
          : {
              visibleTo: {
                owners: caller.ownershipRefs,
                user: caller.userRef,
              },
            }),
      },
      limit: limitOf(wanted),
      cursor: wanted.cursor,
    });
    const ids = new Set(page.items.map(({ requestId }) => requestId));
    const seen = await this.#views.seen(caller, [...ids]);
    const under = new Map(seen.map(one => [one.request.id, one]));
    return {
      ...page,
      items: page.items.flatMap(session => {
        const found = under.get(session.requestId);
        return found
          ? [
              {
                session: toSessionSummary(session, undefined, found.mayPlay),
                request: found.request,
              },
            ]
          : [];
      }),
    };
  }
}
