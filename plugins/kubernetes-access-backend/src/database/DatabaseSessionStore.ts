import type { Knex } from 'knex';
import type { AuditEvent, AuditTrail } from '../audit/types';
import type { DatabaseClock } from './DatabaseClock';
import type { SessionRow, TicketRow } from './tables';
import { TABLES } from './tables';
import type { NewSession, SessionStore, StoredSession } from './types';

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
  ): Promise<StoredSession> {
    return this.#knex.transaction(async trx => {
      const now = await this.#clock.now(trx);
      const row = this.#toRow(session, now);
      await trx<SessionRow>(TABLES.sessions).insert(row);
      await trx<TicketRow>(TABLES.tickets).insert({
        hash: ticket.hash,
        session_id: session.id,
        expires_at: ticket.expiresAt.toISOString(),
        redeemed_at: null,
      });
      await this.#audit.appendIn(trx, audit, now);
      return fromRow(row);
    });
  }

  async redeem(
    sessionId: string,
    ticketHash: string,
  ): Promise<StoredSession | undefined> {
    return this.#knex.transaction(async trx => {
      const now = (await this.#clock.now(trx)).toISOString();
      const taken = await trx<TicketRow>(TABLES.tickets)
        .where({ hash: ticketHash, session_id: sessionId, redeemed_at: null })
        .where('expires_at', '>', now)
        .update({ redeemed_at: now });
      if (taken !== 1) {
        return undefined;
      }
      const row = await this.#sessions(trx)
        .where({ id: sessionId, state: 'opening' })
        .first();
      return row && fromRow(row);
    });
  }

  async markOpen(
    id: string,
    replica: string,
    audit: AuditEvent[],
  ): Promise<void> {
    await this.#knex.transaction(async trx => {
      const now = await this.#clock.now(trx);
      const opened = await this.#sessions(trx)
        .where({ id, state: 'opening' })
        .update({ state: 'open', replica, opened_at: now.toISOString() });
      if (opened === 1) {
        await this.#audit.appendIn(trx, audit, now);
      }
    });
  }

  async closeUnused(id: string, reason: string): Promise<void> {
    await this.#knex.transaction(async trx => {
      const now = (await this.#clock.now(trx)).toISOString();
      await this.#sessions(trx)
        .where({ id, state: 'opening' })
        .whereIn('id', function unredeemed() {
          this.select('session_id')
            .from(TABLES.tickets)
            .where({ redeemed_at: null })
            .where('expires_at', '<=', now);
        })
        .update({ state: 'closed', closed_at: now, close_reason: reason });
    });
  }

  async markClosed(
    id: string,
    end: { reason: string; bytesIn: number; bytesOut: number },
    audit: AuditEvent[],
  ): Promise<void> {
    await this.#knex.transaction(async trx => {
      const now = await this.#clock.now(trx);
      const closed = await this.#sessions(trx)
        .where({ id })
        .whereNot({ state: 'closed' })
        .update({
          state: 'closed',
          closed_at: now.toISOString(),
          close_reason: end.reason,
          bytes_in: end.bytesIn,
          bytes_out: end.bytesOut,
        });
      if (closed === 1) {
        await this.#audit.appendIn(trx, audit, now);
      }
    });
  }

  async listByRequest(requestId: string): Promise<StoredSession[]> {
    const rows = await this.#sessions(this.#knex)
      .where({ request_id: requestId })
      .orderBy('id');
    return rows.map(fromRow);
  }

  async countLive(filter: {
    user?: string;
    requestId?: string;
  }): Promise<number> {
    const now = (await this.#clock.now(this.#knex)).toISOString();
    const query = this.#sessions(this.#knex).where(live =>
      // A ticket that nobody came to redeem does not count for ever.
      live.where({ state: 'open' }).orWhereIn('id', function unredeemed() {
        this.select('session_id')
          .from(TABLES.tickets)
          .where('expires_at', '>', now);
      }),
    );
    query.whereNot({ state: 'closed' });
    if (filter.user) {
      query.where({ user_ref: filter.user });
    }
    if (filter.requestId) {
      query.where({ request_id: filter.requestId });
    }
    const [{ live }] = await query.count({ live: '*' });
    return Number(live);
  }

  async closeAbandoned(replica: string, reason: string): Promise<number> {
    return this.#knex.transaction(async trx => {
      const now = await this.#clock.now(trx);
      const abandoned = await this.#sessions(trx)
        .whereNot({ state: 'closed' })
        .whereNot({ replica });
      for (const row of abandoned) {
        await this.#sessions(trx).where({ id: row.id }).update({
          state: 'closed',
          closed_at: now.toISOString(),
          close_reason: reason,
        });
        await this.#audit.appendIn(
          trx,
          [
            {
              eventId: 'session-close',
              actor: 'system',
              outcome: 'succeeded',
              requestId: row.request_id,
              meta: { session: row.id, reason },
            },
          ],
          now,
        );
      }
      return abandoned.length;
    });
  }

  #sessions(knex: Knex): Knex.QueryBuilder<SessionRow, SessionRow[]> {
    return knex<SessionRow>(TABLES.sessions).where({
      installation_id: this.#installationId,
    });
  }

  #toRow(session: NewSession, now: Date): SessionRow {
    return {
      id: session.id,
      request_id: session.requestId,
      installation_id: this.#installationId,
      cluster_uid: session.clusterUid,
      user_ref: session.user,
      mark: session.mark,
      replica: session.replica,
      namespace: session.namespace,
      pod: session.pod,
      pod_uid: session.podUid,
      container: session.container,
      container_id: session.containerId,
      state: 'opening',
      columns: session.columns,
      rows: session.rows,
      recorded: session.recorded,
      created_at: now.toISOString(),
      opened_at: null,
      closed_at: null,
      close_reason: null,
      bytes_in: 0,
      bytes_out: 0,
    };
  }
}

function fromRow(row: SessionRow): StoredSession {
  return {
    id: row.id,
    requestId: row.request_id,
    clusterUid: row.cluster_uid,
    user: row.user_ref,
    mark: row.mark,
    replica: row.replica,
    namespace: row.namespace,
    pod: row.pod,
    podUid: row.pod_uid,
    container: row.container,
    containerId: row.container_id,
    state: row.state,
    columns: row.columns,
    rows: row.rows,
    recorded: Boolean(row.recorded),
    createdAt: row.created_at,
    ...(row.opened_at ? { openedAt: row.opened_at } : {}),
    ...(row.closed_at ? { closedAt: row.closed_at } : {}),
    ...(row.close_reason ? { closeReason: row.close_reason } : {}),
    bytesIn: Number(row.bytes_in),
    bytesOut: Number(row.bytes_out),
  };
}
