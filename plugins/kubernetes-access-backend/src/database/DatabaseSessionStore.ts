import type { Knex } from 'knex';
import type { AuditEvent, AuditTrail } from '../audit/types';
import type { DatabaseClock } from './DatabaseClock';
import { enqueueReap } from './enqueueReap';
import { inLine } from './inLine';
import { noteTraffic } from './noteTraffic';
import { narrowQuery } from './requestQuery';
import { fromSessionRow, toSessionRow } from './sessionRows';
import type { SessionQuery } from './SessionTable';
import { LIVE, SessionTable } from './SessionTable';
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

/** Keeps sessions and the hashes of their tickets in the plugin's database. */
export class DatabaseSessionStore implements SessionStore {
  readonly #knex: Knex;
  readonly #clock: DatabaseClock;
  readonly #audit: AuditTrail;
  readonly #table: SessionTable;

  constructor(options: {
    knex: Knex;
    clock: DatabaseClock;
    audit: AuditTrail;
    installationId: string;
  }) {
    this.#knex = options.knex;
    this.#clock = options.clock;
    this.#audit = options.audit;
    this.#table = new SessionTable(options.installationId);
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
      const row = toSessionRow(session, this.#table.installationId, now);
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
      const row = await this.#table
        .rows(trx)
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
      await this.#table.rows(trx).where({ id: sessionId }).update({ replica });
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
      const opened = await this.#table
        .rows(trx)
        .where({ id, state: 'opening' })
        .update({ state: 'open', replica, opened_at: now.toISOString() });
      if (opened === 1) {
        await this.#audit.appendIn(trx, audit, now);
      }
      return opened === 1;
    });
  }

  async closeUnused(reason: string): Promise<number> {
    const now = await this.#clock.now(this.#knex);
    const unused = await this.#table.unused(this.#knex, now).select('id');
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
        this.#table.rows(trx).where({ id }),
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
    await noteTraffic(this.#knex, this.#table.installationId, replica, traffic);
  }

  async listByRequest(requestId: string): Promise<StoredSession[]> {
    const rows = await this.#table
      .rows(this.#knex)
      .where({ request_id: requestId })
      .orderBy('id');
    return rows.map(fromSessionRow);
  }

  async liveInPod(
    clusterUid: string,
    podUid: string,
  ): Promise<StoredSession[]> {
    const rows = await this.#table
      .rows(this.#knex)
      .where({ cluster_uid: clusterUid, pod_uid: podUid })
      .whereIn('state', LIVE)
      .orderBy('id');
    return rows.map(fromSessionRow);
  }

  async countLive(filter: {
    user?: string;
    requestId?: string;
  }): Promise<number> {
    return this.#table.countLive(
      this.#knex,
      filter,
      await this.#clock.now(this.#knex),
    );
  }

  async listOpen(query: {
    requests: Pick<RequestQuery, 'visibleTo' | 'permitted'>;
    limit: number;
    cursor?: string;
  }): Promise<{ items: StoredSession[]; nextCursor?: string }> {
    const now = await this.#clock.now(this.#knex);
    const rows = await this.#table
      .rows(this.#knex)
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
    const abandoned = await this.#table
      .abandoned(this.#knex, now)
      .orderBy('id');
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
          this.#table.abandoned(trx, await this.#clock.now(trx)).where({ id }),
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

  /** Counts while no other transaction can add a session of the same user or request. */
  async #countInLine(
    trx: Knex.Transaction,
    { user, requestId }: NewSession,
  ): Promise<LiveCounts> {
    await inLine(trx, `sessions of user ${user}`);
    await inLine(trx, `sessions of request ${requestId}`);
    const now = await this.#clock.now(trx);
    return {
      ofUser: await this.#table.countLive(trx, { user }, now),
      ofRequest: await this.#table.countLive(trx, { requestId }, now),
    };
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
    await this.#table.rows(trx).where({ id: row.id }).update(change);
    await enqueueReap(trx, row, now);
    await this.#audit.appendIn(trx, audit, now);
    return { ...row, ...change };
  }

  async #closeOneUnused(id: string, reason: string): Promise<boolean> {
    return this.#knex.transaction(async trx => {
      const now = await this.#clock.now(trx);
      // Locked before the ticket is looked at, so that nobody redeems it meanwhile.
      await this.#table.rows(trx).where({ id }).forUpdate().first();
      const closed = await this.#table.unused(trx, now).where({ id }).update({
        state: 'closed',
        closed_at: now.toISOString(),
        close_reason: reason,
      });
      return closed === 1;
    });
  }
}
