import type { Knex } from 'knex';
import type { DatabaseClock } from '../database/DatabaseClock';
import { TABLES } from '../database/tables';
import type { AuditEventRow } from '../database/tables';
import type { AuditKey } from './mac';
import { macOf } from './mac';
import type { AuditEvent, AuditTrail, StoredAuditEvent } from './types';
import { verifyChain } from './verifyChain';

/** The chain of everything that belongs to no request. */
export const SYSTEM_CHAIN = 'system';

/**
 * Keeps the audit trail in the plugin's database.
 *
 * The row of a chain in `audit_chains` is locked while an event is appended. Whoever needs more locks takes
 * the request's row first and the chain's row last.
 */
export class DatabaseAuditTrail implements AuditTrail {
  readonly #knex: Knex;
  readonly #clock: DatabaseClock;
  readonly #keys: AuditKey[];

  /** @param options - `keys`: the first one signs, the others only verify; at least one */
  constructor(options: { knex: Knex; clock: DatabaseClock; keys: AuditKey[] }) {
    if (options.keys.length === 0) {
      throw new Error('The audit trail needs at least one key');
    }
    this.#knex = options.knex;
    this.#clock = options.clock;
    this.#keys = options.keys;
  }

  async appendIn(
    transaction: Knex.Transaction,
    events: AuditEvent[],
    at: Date,
  ): Promise<void> {
    for (const event of inOneLockOrder(events)) {
      await this.#appendOne(transaction, event, at);
    }
  }

  async append(events: AuditEvent[]): Promise<void> {
    await this.#knex.transaction(async transaction => {
      await this.appendIn(
        transaction,
        events,
        await this.#clock.now(transaction),
      );
    });
  }

  async read(chain: string): Promise<StoredAuditEvent[]> {
    const rows = await this.#knex<AuditEventRow>(TABLES.auditEvents)
      .where({ chain })
      .orderBy('sequence');
    return rows.map(fromRow);
  }

  async verify(chain: string): Promise<string | undefined> {
    const head = await this.#knex(TABLES.auditChains).where({ chain }).first();
    return verifyChain(await this.read(chain), head, this.#keys);
  }

  async #appendOne(
    transaction: Knex.Transaction,
    event: AuditEvent,
    at: Date,
  ): Promise<void> {
    const chain = event.requestId ?? SYSTEM_CHAIN;
    await transaction(TABLES.auditChains)
      .insert({ chain, sequence: 0, mac: '' })
      .onConflict('chain')
      .ignore();
    const head = await transaction(TABLES.auditChains)
      .where({ chain })
      .forUpdate()
      .first();
    const key = this.#keys[0];
    const unsigned = {
      ...event,
      chain,
      sequence: head.sequence + 1,
      at: at.toISOString(),
      keyId: key.id,
      previous: head.mac,
    };
    const mac = macOf(unsigned, key);
    await transaction(TABLES.auditEvents).insert(toRow({ ...unsigned, mac }));
    await transaction(TABLES.auditChains)
      .where({ chain })
      .update({ sequence: unsigned.sequence, mac });
  }
}

/** Two transactions that append to the same chains must lock them in the same order. */
function inOneLockOrder(events: AuditEvent[]): AuditEvent[] {
  return [...events].sort((a, b) =>
    (a.requestId ?? SYSTEM_CHAIN).localeCompare(b.requestId ?? SYSTEM_CHAIN),
  );
}

function toRow(event: StoredAuditEvent): AuditEventRow {
  return {
    chain: event.chain,
    sequence: event.sequence,
    event_id: event.eventId,
    actor: event.actor,
    outcome: event.outcome,
    request_id: event.requestId ?? null,
    at: event.at,
    meta: JSON.stringify(event.meta),
    key_id: event.keyId,
    previous: event.previous,
    mac: event.mac,
  };
}

function fromRow(row: AuditEventRow): StoredAuditEvent {
  return {
    chain: row.chain,
    sequence: row.sequence,
    eventId: row.event_id,
    actor: row.actor,
    outcome: row.outcome,
    ...(row.request_id ? { requestId: row.request_id } : {}),
    at: row.at,
    meta: JSON.parse(row.meta),
    keyId: row.key_id,
    previous: row.previous,
    mac: row.mac,
  };
}
