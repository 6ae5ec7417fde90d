import type { Knex } from 'knex';
import type { AuditEvent, AuditTrail } from '../audit/types';
import type { DatabaseClock } from './DatabaseClock';
import { fromSessionRow } from './sessionRows';
import type { ReapQueueRow, SessionRow } from './tables';
import { TABLES } from './tables';
import type { ReapOutcome, ReapQueue, ReapReport, ReapTask } from './types';

/** Keeps the sessions whose processes have to be ended in the plugin's database. */
export class DatabaseReapQueue implements ReapQueue {
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

  async claim(
    sessionId: string,
    replica: string,
    claimMs: number,
  ): Promise<ReapTask | undefined> {
    return this.#knex.transaction(async trx => {
      const now = await this.#clock.now(trx);
      return this.#claimIn(trx, sessionId, { replica, claimMs, now });
    });
  }

  async claimDue(
    replica: string,
    options: { clusterUids: string[]; limit: number; claimMs: number },
  ): Promise<ReapTask[]> {
    const { clusterUids, limit, claimMs } = options;
    return this.#knex.transaction(async trx => {
      const now = await this.#clock.now(trx);
      const due = await this.#rows(trx)
        .where({ state: 'waiting' })
        .whereIn('cluster_uid', clusterUids)
        .where('due_at', '<=', now.toISOString())
        .where(free => whereFree(free, now))
        .orderBy('due_at')
        .orderBy('session_id')
        .limit(limit)
        .select('session_id');
      const tasks: ReapTask[] = [];
      for (const { session_id: sessionId } of due) {
        const task = await this.#claimIn(trx, sessionId, {
          replica,
          claimMs,
          now,
        });
        if (task) {
          tasks.push(task);
        }
      }
      return tasks;
    });
  }

  async settle(
    sessionId: string,
    outcome: ReapOutcome,
    audit: AuditEvent[],
  ): Promise<void> {
    await this.#knex.transaction(async trx => {
      const now = await this.#clock.now(trx);
      const settled = await this.#rows(trx)
        .where({ session_id: sessionId, state: 'waiting' })
        .update({
          state: 'settled',
          outcome: JSON.stringify(outcome),
          settled_at: now.toISOString(),
          claimed_by: null,
          claimed_until: null,
        });
      if (settled === 1) {
        await this.#audit.appendIn(trx, audit, now);
      }
    });
  }

  async postpone(
    sessionId: string,
    outcome: ReapOutcome,
    delayMs: number,
  ): Promise<void> {
    await this.#knex.transaction(async trx => {
      const now = await this.#clock.now(trx);
      await this.#rows(trx)
        .where({ session_id: sessionId, state: 'waiting' })
        .update({
          outcome: JSON.stringify(outcome),
          due_at: later(now, delayMs),
          claimed_by: null,
          claimed_until: null,
        });
    });
  }

  async release(replica: string): Promise<void> {
    await this.#rows(this.#knex)
      .where({ state: 'waiting', claimed_by: replica })
      .update({ claimed_by: null, claimed_until: null });
  }

  async listByRequest(requestId: string): Promise<ReapReport[]> {
    const rows = await this.#rows(this.#knex)
      .where({ request_id: requestId })
      .orderBy('session_id');
    return rows.map(row => ({
      sessionId: row.session_id,
      state: row.state,
      attempts: row.attempts,
      ...(row.outcome
        ? { outcome: JSON.parse(row.outcome) as ReapOutcome }
        : {}),
      ...(row.settled_at ? { settledAt: row.settled_at } : {}),
    }));
  }

  async #claimIn(
    trx: Knex.Transaction,
    sessionId: string,
    claim: { replica: string; claimMs: number; now: Date },
  ): Promise<ReapTask | undefined> {
    const { replica, claimMs, now } = claim;
    const claimed = await this.#rows(trx)
      .where({ session_id: sessionId, state: 'waiting' })
      .where(free => whereFree(free, now))
      .update({
        claimed_by: replica,
        claimed_until: later(now, claimMs),
        attempts: trx.raw('attempts + 1'),
      });
    if (claimed !== 1) {
      return undefined;
    }
    const [row, session] = await Promise.all([
      this.#rows(trx).where({ session_id: sessionId }).first(),
      trx<SessionRow>(TABLES.sessions).where({ id: sessionId }).first(),
    ]);
    return (
      row &&
      session && {
        session: fromSessionRow(session),
        attempts: row.attempts - 1,
        found: row.outcome ? (JSON.parse(row.outcome) as ReapOutcome).found : 0,
        createdAt: row.created_at,
        claimedAt: now.toISOString(),
      }
    );
  }

  #rows(knex: Knex): Knex.QueryBuilder<ReapQueueRow, ReapQueueRow[]> {
    return knex<ReapQueueRow>(TABLES.reapQueue).where({
      installation_id: this.#installationId,
    });
  }
}

/** Nobody's claim, or one that has run out: whoever made it is gone. */
function whereFree(query: Knex.QueryBuilder, now: Date): void {
  query
    .whereNull('claimed_until')
    .orWhere('claimed_until', '<=', now.toISOString());
}

function later(now: Date, ms: number): string {
  return new Date(now.getTime() + ms).toISOString();
}
