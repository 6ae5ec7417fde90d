import type { Knex } from 'knex';
import { TABLES } from '../database/tables';
import type {
  AuditEventRow,
  RecordEntryRow,
  RequestRow,
} from '../database/tables';
import { digestOfEntry } from '../database/vouchForEntries';
import { digestOf } from '../requests/digest';
import type { AuditKey } from './mac';
import { RecordLedger } from './RecordLedger';
import { fromRow } from './rows';
import type { TrailFinding } from './TrailVerifier';
import { TrailVerifier } from './TrailVerifier';
import type { StoredAuditEvent } from './types';

/** Requests that are read at once. */
const PAGE = 100;

/**
 * Compares the records of requests with what the audit trail vouches for. People go on working meanwhile, so that what
 * looks wrong at first is looked at again while nobody can change it.
 */
export class RecordCheck {
  readonly #knex: Knex;
  readonly #keys: AuditKey[];
  readonly #ledger = new RecordLedger();

  constructor(options: { knex: Knex; keys: AuditKey[] }) {
    this.#knex = options.knex;
    this.#keys = options.keys;
  }

  /** Takes an event that was verified. */
  learn(event: StoredAuditEvent): void {
    this.#ledger.learn(event);
  }

  /** What is wrong, once all events were learnt. */
  async findings(only?: string): Promise<TrailFinding[]> {
    let after = '';
    for (;;) {
      const requests = await this.#requests(only, after);
      await compare(this.#knex, requests, this.#ledger);
      const last = requests.at(-1);
      if (!last || requests.length < PAGE) {
        break;
      }
      after = last.id;
    }
    const suspects = new Set(this.#ledger.finish().map(({ chain }) => chain));
    const findings: TrailFinding[] = [];
    for (const suspect of suspects) {
      findings.push(...(await this.#lookAgain(suspect)));
    }
    return findings;
  }

  async #requests(
    only: string | undefined,
    after: string,
  ): Promise<RequestRow[]> {
    const query = this.#knex<RequestRow>(TABLES.requests)
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE);
    return only ? query.where({ id: only }) : query;
  }

  /** Whoever changes a request locks its row first. */
  async #lookAgain(id: string): Promise<TrailFinding[]> {
    return this.#knex.transaction(async trx => {
      const requests = await trx<RequestRow>(TABLES.requests)
        .where({ id })
        .forUpdate();
      const ledger = new RecordLedger();
      const verifier = new TrailVerifier({
        keys: this.#keys,
        recordings: false,
        onSigned: event => ledger.learn(event),
      });
      const events = await trx<AuditEventRow>(TABLES.auditEvents)
        .where({ chain: id })
        .orderBy('sequence');
      events.forEach(row => verifier.event(fromRow(row)));
      await compare(trx, requests, ledger);
      return ledger.finish();
    });
  }
}

async function compare(
  knex: Knex,
  requests: RequestRow[],
  ledger: RecordLedger,
): Promise<void> {
  const entries = await knex<RecordEntryRow>(TABLES.recordEntries)
    .whereIn(
      'request_id',
      requests.map(({ id }) => id),
    )
    .orderBy(['request_id', 'sequence']);
  for (const { request_id, kind, actor, at, payload } of entries) {
    const digest = readJson(payload, digestOfEntry);
    ledger.found({ request: request_id, digest, kind, actor, at });
  }
  for (const { id, terms, digest } of requests) {
    const asked = entries.find(
      entry => entry.request_id === id && entry.kind === 'asked',
    );
    const wasAsked =
      asked &&
      readJson(asked.payload, (entry: { digest: string }) => entry.digest);
    if (readJson(terms, digestOf) !== digest || wasAsked !== digest) {
      ledger.termsChanged(id);
    }
  }
}

/** Somebody may have broken what is stored: that is to be reported, not to stop who looks at it. */
function readJson<V, T>(text: string, read: (value: V) => T): T | string {
  try {
    return read(JSON.parse(text));
  } catch {
    return 'unreadable';
  }
}
