import type { Knex } from 'knex';
import { liveReplicas } from './liveReplicas';
import type { SessionRow, TicketRow } from './tables';
import { TABLES } from './tables';

/** Written out rather than as "not closed", so that the index of live sessions is used. */
export const LIVE = ['opening', 'open'] as const;

export type SessionQuery = Knex.QueryBuilder<SessionRow, SessionRow[]>;

/** Finds the sessions of an installation by how they stand at an instant, in a transaction or outside of one. */
export class SessionTable {
  constructor(readonly installationId: string) {}

  rows(knex: Knex): SessionQuery {
    return knex<SessionRow>(TABLES.sessions).where({
      installation_id: this.installationId,
    });
  }

  /** Those whose ticket nobody redeemed, and nobody can any more. */
  unused(knex: Knex, now: Date): SessionQuery {
    return this.rows(knex)
      .where({ state: 'opening' })
      .whereIn(
        'id',
        knex<TicketRow>(TABLES.tickets)
          .select('session_id')
          .where({ redeemed_at: null })
          .where('expires_at', '<=', now.toISOString()),
      );
  }

  /** Those that a replica had taken that is not alive any more. */
  abandoned(knex: Knex, now: Date): SessionQuery {
    return this.rows(knex)
      .whereIn('state', LIVE)
      .whereIn(
        'id',
        knex(TABLES.tickets).select('session_id').whereNotNull('redeemed_at'),
      )
      .whereNotIn(
        'replica',
        liveReplicas(knex, this.installationId, now).select('id'),
      );
  }

  /** Counts those that are open, or have a ticket that can still be redeemed. */
  async countLive(
    knex: Knex,
    filter: { user?: string; requestId?: string },
    now: Date,
  ): Promise<number> {
    const query = this.rows(knex).where(live =>
      // A ticket that nobody came to redeem does not count for ever.
      live.where({ state: 'open' }).orWhereIn('id', function unredeemed() {
        this.select('session_id')
          .from(TABLES.tickets)
          .where('expires_at', '>', now.toISOString());
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
}
