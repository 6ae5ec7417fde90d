import type { Knex } from 'knex';
import type { AuditEvent, AuditTrail } from '../audit/types';
import type { DatabaseClock } from './DatabaseClock';
import { enqueueReap } from './enqueueReap';
import { inLine } from './inLine';
import { liveReplicas } from './liveReplicas';
import { noteTraffic } from './noteTraffic';
import { narrowQuery } from './requestQuery';
import { fromSessionRow, toSessionRow } from './sessionRows';
import type { SessionRow, TicketRow } from './tables';
import { TABLES } from './tables';
import { vouchForSegments } from './vouchForSegments';
import type {
  LiveCounts,
  NewSession,
  RequestQuery,
  SessionStore,
  SessionTraffic,
  StoredSession,
} from './types';

/** Written out rather than as "not closed", so that the index of live sessions is used. */
const LIVE = ['opening', 'open'] as const;

type SessionQuery = Knex.QueryBuilder<SessionRow, SessionRow[]>;

/** Keeps sessions and the hashes of their tickets in the plugin's database. */
export class DatabaseSessionStore implements SessionStore {
  readonly #knex: Knex;
  readonly #clock: DatabaseClock;
  readonly #audit: AuditTrail;
  readonly #installationId: string;

  constructor(options: {
    knex: Knex;
    clock: DatabaseClock;
    audit: AuditTrail;
    installationId: string;
  }) {
    this.#knex = options.knex;
    this.#clock = options.clock;
    this.#audit = options.audit;
    this.#installationId = options.installationId;
  }

  async create(
    session: NewSession,
    ticket: { hash: string; expiresAt: Date },
    audit: AuditEvent[],
    checkRoom?: (live: LiveCounts) => void,
  ): Promise<StoredSession> {
    return this.#knex.transaction(async trx => {
      if (checkRoom) {
        checkRoom(await this.#countInLine(trx, session));
      }
      const now = await this.#clock.now(trx);
      const row = toSessionRow(session, this.#installationId, now);
      await trx<SessionRow>(TABLES.sessions).insert(row);
      await trx<TicketRow>(TABLES.tickets).insert({
        hash: ticket.hash,
        session_id: session.id,
        expires_at: ticket.expiresAt.toISOString(),
        redeemed_at: null,
      });
      await this.#audit.appendIn(trx, audit, now);
      return fromSessionRow(row);
    });
  }

  async redeem(
    sessionId: string,
    ticketHash: string,
    replica: string,
  ): Promise<StoredSession | undefined> {
    return this.#knex.transaction(async trx => {
      const now = (await this.#clock.now(trx)).toISOString();
      // The session's row is locked first, as by everybody who closes it.
      const row = await this.#sessions(trx)
        .where({ id: sessionId, state: 'opening' })
        .forUpdate()
        .first();
      const taken =
        row &&
        (await trx<TicketRow>(TABLES.tickets)
          .where({ hash: ticketHash, session_id: sessionId, redeemed_at: null })
          .where('expires_at', '>', now)
          .update({ redeemed_at: now }));
      if (!row || taken !== 1) {
        return undefined;
      }
      await this.#sessions(trx).where({ id: sessionId }).update({ replica });
      return fromSessionRow({ ...row, replica });
    });
  }

  async markOpen(
    id: string,
    replica: string,
    audit: AuditEvent[],
  ): Promise<boolean> {
    return this.#knex.transaction(async trx => {
      const now = await this.#clock.now(trx);
      const opened = await this.#sessions(trx)
        .where({ id, state: 'opening' })
        .update({ state: 'open', replica, opened_at: now.toISOString() });
      if (opened === 1) {
        await this.#audit.appendIn(trx, audit, now);
      }
      return opened === 1;
    });
  }

  async closeUnused(reason: string): Promise<number> {
    const now = (await this.#clock.now(this.#knex)).toISOString();
    const unused = await this.#unused(this.#knex, now).select('id');
    const closed = await Promise.all(
      unused.map(({ id }) => this.#closeOneUnused(id, reason)),
    );
    return closed.filter(Boolean).length;
  }

  async markClosed(
    id: string,
    end: { reason: string; bytesIn: number; bytesOut: number },
    audit: AuditEvent[],
  ): Promise<void> {
    await this.#knex.transaction(trx =>
      this.#closeIn(
        trx,
        this.#sessions(trx).where({ id }),
        {
          close_reason: end.reason,
          bytes_in: end.bytesIn,
          bytes_out: end.bytesOut,
        },
        audit,
      ),
    );
  }

  async noteTraffic(replica: string, traffic: SessionTraffic[]): Promise<void> {
    await noteTraffic(this.#knex, this.#installationId, replica, traffic);
  }

  async listByRequest(requestId: string): Promise<StoredSession[]> {
    const rows = await this.#sessions(this.#knex)
      .where({ request_id: requestId })
      .orderBy('id');
    return rows.map(fromSessionRow);
  }

  async liveInPod(
    clusterUid: string,
    podUid: string,
  ): Promise<StoredSession[]> {
    const rows = await this.#sessions(this.#knex)
      .where({ cluster_uid: clusterUid, pod_uid: podUid })
      .whereIn('state', LIVE)
      .orderBy('id');
    return rows.map(fromSessionRow);
  }

  async countLive(filter: {
    user?: string;
    requestId?: string;
  }): Promise<number> {
    return this.#countLive(this.#knex, filter);
  }

  async listOpen(query: {
    requests: Pick<RequestQuery, 'visibleTo' | 'permitted'>;
    limit: number;
    cursor?: string;
  }): Promise<{ items: StoredSession[]; nextCursor?: string }> {
    const now = await this.#clock.now(this.#knex);
    const rows = await this.#sessions(this.#knex)
      .where({ state: 'open' })
      .whereIn(
        'request_id',
        this.#knex(TABLES.requests)
          .select('id')
          .modify(narrowQuery, query.requests, now),
      )
      .modify(page => query.cursor && page.where('id', '<', query.cursor))
      .orderBy('id', 'desc')
      .limit(query.limit + 1);
    const items = rows.slice(0, query.limit).map(fromSessionRow);
    return rows.length > query.limit
      ? { items, nextCursor: items[items.length - 1].id }
      : { items };
  }

  async closeAbandoned(reason: string): Promise<StoredSession[]> {
    const now = await this.#clock.now(this.#knex);
    const abandoned = await this.#abandoned(this.#knex, now).orderBy('id');
    const closed: StoredSession[] = [];
    for (const { id, request_id: requestId } of abandoned) {
      // One transaction each, which looks again: the replica may have been heard of, or another one may have closed it.
      const row = await this.#knex.transaction(async trx => {
        const { audit, segments } = await vouchForSegments(trx, {
          id,
          requestId,
        });
        return this.#closeIn(
          trx,
          this.#abandoned(trx, await this.#clock.now(trx)).where({ id }),
          { close_reason: reason },
          [
            ...audit,
            {
              eventId: 'session-close',
              actor: 'system',
              outcome: 'succeeded',
              requestId,
              meta: {
                session: id,
                reason,
                ...(segments > 0 ? { recordingComplete: false, segments } : {}),
              },
            },
          ],
        );
      });
      if (row) {
        closed.push(fromSessionRow(row));
      }
    }
    return closed;
  }

  /** @returns the row as it is now if it was this call that closed it */
  async #closeIn(
    trx: Knex.Transaction,
    which: SessionQuery,
    end: Partial<SessionRow>,
    audit: AuditEvent[],
  ): Promise<SessionRow | undefined> {
    const row = await which.whereIn('state', LIVE).forUpdate().first();
    if (!row) {
      return undefined;
    }
    const now = await this.#clock.now(trx);
    const change = {
      ...end,
      state: 'closed' as const,
      closed_at: now.toISOString(),
    };
    await this.#sessions(trx).where({ id: row.id }).update(change);
    await enqueueReap(trx, row, now);
    await this.#audit.appendIn(trx, audit, now);
    return { ...row, ...change };
  }

  async #closeOneUnused(id: string, reason: string): Promise<boolean> {
    return this.#knex.transaction(async trx => {
      const now = (await this.#clock.now(trx)).toISOString();
      // Locked before the ticket is looked at, so that nobody redeems it meanwhile.
      await this.#sessions(trx).where({ id }).forUpdate().first();
      const closed = await this.#unused(trx, now)
        .where({ id })
        .update({ state: 'closed', closed_at: now, close_reason: reason });
      return closed === 1;
    });
  }

  /** Sessions whose ticket nobody redeemed, and nobody can any more. */
  #unused(knex: Knex, now: string): SessionQuery {
    return this.#sessions(knex)
      .where({ state: 'opening' })
      .whereIn(
        'id',
        knex<TicketRow>(TABLES.tickets)
          .select('session_id')
          .where({ redeemed_at: null })
          .where('expires_at', '<=', now),
      );
  }

  /** Sessions that a replica had taken that is not alive any more. */
  #abandoned(knex: Knex, now: Date): SessionQuery {
    return this.#sessions(knex)
      .whereIn('state', LIVE)
      .whereIn(
        'id',
        knex(TABLES.tickets).select('session_id').whereNotNull('redeemed_at'),
      )
      .whereNotIn(
        'replica',
        liveReplicas(knex, this.#installationId, now).select('id'),
      );
  }

  /** Counts while no other transaction can add a session of the same user or request. */
  async #countInLine(
    trx: Knex.Transaction,
    { user, requestId }: NewSession,
  ): Promise<LiveCounts> {
    await inLine(trx, `sessions of user ${user}`);
    await inLine(trx, `sessions of request ${requestId}`);
    return {
      ofUser: await this.#countLive(trx, { user }),
      ofRequest: await this.#countLive(trx, { requestId }),
    };
  }

  async #countLive(
    knex: Knex,
    filter: { user?: string; requestId?: string },
  ): Promise<number> {
    const now = (await this.#clock.now(knex)).toISOString();
    const query = this.#sessions(knex).where(live =>
      // A ticket that nobody came to redeem does not count for ever.
      live.where({ state: 'open' }).orWhereIn('id', function unredeemed() {
        this.select('session_id')
          .from(TABLES.tickets)
          .where('expires_at', '>', now);
      }),
    );
    query.whereIn('state', LIVE);
    if (filter.user) {
      query.where({ user_ref: filter.user });
    }
    if (filter.requestId) {
      query.where({ request_id: filter.requestId });
    }
    const [{ live }] = await query.count({ live: '*' });
    return Number(live);
  }

  #sessions(knex: Knex): SessionQuery {
    return knex<SessionRow>(TABLES.sessions).where({
      installation_id: this.#installationId,
    });
  }
}
