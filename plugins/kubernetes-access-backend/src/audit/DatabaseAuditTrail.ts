import type { Knex } from 'knex';
import type { DatabaseClock } from '../database/DatabaseClock';
import { TABLES } from '../database/tables';
import type { AuditEventRow } from '../database/tables';
import type { AuditKey } from './mac';
import { macOf } from './mac';
import { fromRow, toRow } from './rows';
import type {
  AuditEvent,
  AuditTrail,
  ChainHead,
  StoredAuditEvent,
} from './types';
import { INDEX_CHAIN, SYSTEM_CHAIN } from './types';

/**
 * Keeps the audit trail in the plugin's database.
 *
 * The row of a chain in `audit_chains` is locked while an event is appended. Whoever needs more locks takes
 * the request's row first and the chain's row last; that of the index of chains comes after that of a request.
 */
export class DatabaseAuditTrail implements AuditTrail {
  readonly #knex: Knex;
  readonly #clock: DatabaseClock;
  readonly #key: AuditKey;
  readonly #listeners = new Set<(chain: string) => void>();

  /** @param options - `keys`: the first one signs; at least one */
  constructor(options: { knex: Knex; clock: DatabaseClock; keys: AuditKey[] }) {
    if (options.keys.length === 0) {
      throw new Error('The audit trail needs at least one key');
    }
    this.#knex = options.knex;
    this.#clock = options.clock;
    [this.#key] = options.keys;
  }

  async appendIn(
    transaction: Knex.Transaction,
    events: AuditEvent[],
    at: Date,
  ): Promise<void> {
    for (const [chain, own] of inOneLockOrder(events)) {
      await this.#appendTo(transaction, chain, own, at);
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

  async heads(chains: string[]): Promise<ChainHead[]> {
    return this.#knex(TABLES.auditChains)
      .whereIn('chain', chains)
      .select('chain', 'sequence', 'mac');
  }

  async headsSince(since: Date): Promise<ChainHead[]> {
    return this.#knex(TABLES.auditChains)
      .whereIn('chain', youngEvents =>
        youngEvents
          .select('chain')
          .from(TABLES.auditEvents)
          .where('at', '>=', since.toISOString()),
      )
      .select('chain', 'sequence', 'mac');
  }

  onAppend(listener: (chain: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #appendTo(
    transaction: Knex.Transaction,
    chain: string,
    events: AuditEvent[],
    at: Date,
  ): Promise<void> {
    await transaction(TABLES.auditChains)
      .insert({ chain, sequence: 0, mac: '' })
      .onConflict('chain')
      .ignore();
    const before: ChainHead = await transaction(TABLES.auditChains)
      .where({ chain })
      .forUpdate()
      .first();
    let { sequence, mac } = before;
    const rows = events.map(event => {
      sequence += 1;
      const unsigned = {
        ...event,
        chain,
        sequence,
        at: at.toISOString(),
        keyId: this.#key.id,
        previous: mac,
      };
      mac = macOf(unsigned, this.#key);
      return toRow({ ...unsigned, mac });
    });
    await transaction(TABLES.auditEvents).insert(rows);
    await transaction(TABLES.auditChains)
      .where({ chain })
      .update({ sequence, mac });
    this.#tellOnCommit(transaction, chain);
    if (before.sequence === 0 && events[0].requestId) {
      await this.#addToIndex(transaction, chain, at);
    }
  }

  #addToIndex(transaction: Knex.Transaction, chain: string, at: Date) {
    return this.#appendTo(
      transaction,
      INDEX_CHAIN,
      [
        {
          eventId: 'chain-start',
          actor: 'system',
          outcome: 'succeeded',
          meta: { chain },
        },
      ],
      at,
    );
  }

  #tellOnCommit(transaction: Knex.Transaction, chain: string): void {
    transaction.executionPromise.then(
      () => this.#listeners.forEach(listener => listener(chain)),
      // Rolled back: whoever wanted the effect hears of it, and there is no event.
      () => {},
    );
  }
}

function chainOf({ requestId }: AuditEvent): string {
  return requestId ?? SYSTEM_CHAIN;
}

/** The events by chain. Two transactions that append to the same chains must lock them in the same order. */
function inOneLockOrder(events: AuditEvent[]): Array<[string, AuditEvent[]]> {
  const chains = new Map<string, AuditEvent[]>();
  for (const event of events) {
    const chain = chainOf(event);
    chains.set(chain, [...(chains.get(chain) ?? []), event]);
  }
  return [...chains].sort(([a], [b]) => a.localeCompare(b));
}
