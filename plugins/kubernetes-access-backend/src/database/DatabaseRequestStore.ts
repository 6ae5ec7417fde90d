import type { LoggerService } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { AuditTrail } from '../audit/types';
import { ChangeListeners } from './ChangeListeners';
import { notifyIn } from './changeNotice';
import { isUniqueViolation } from './databaseErrors';
import type { DatabaseClock } from './DatabaseClock';
import { findIdempotent, rememberIdempotent } from './idempotency';
import { inLine } from './inLine';
import { insertRequest } from './insertRequest';
import { applyQuery } from './requestQuery';
import { projectionOf, stamp, toEntryRow } from './requestRows';
import { RequestTable } from './RequestTable';
import { vouchForEntries } from './vouchForEntries';
import type { RecordEntryRow, RequestRow } from './tables';
import { TABLES } from './tables';
import type {
  ChangeListener,
  EntryMark,
  NewRequest,
  RequesterActivity,
  RequestChange,
  RequestPage,
  RequestQuery,
  RequestStore,
  StoredRequest,
} from './types';

/**
 * Keeps requests and their record in the plugin's database.
 *
 * One transaction changes one request. It locks the request's row first and the audit chain's row last
 * (see `DatabaseAuditTrail`); SQLite has a single connection, so there everything is in line anyway.
 */
export class DatabaseRequestStore implements RequestStore {
  readonly #knex: Knex;
  readonly #clock: DatabaseClock;
  readonly #audit: AuditTrail;
  readonly #table: RequestTable;
  readonly #replica: string;
  readonly #listeners: ChangeListeners;

  constructor(options: {
    knex: Knex;
    clock: DatabaseClock;
    audit: AuditTrail;
    installationId: string;
    /** The id of this process. */
    replica: string;
    logger: Pick<LoggerService, 'error'>;
  }) {
    this.#knex = options.knex;
    this.#clock = options.clock;
    this.#audit = options.audit;
    this.#table = new RequestTable(options.installationId);
    this.#replica = options.replica;
    this.#listeners = new ChangeListeners(options.logger);
  }

  async create(
    request: NewRequest,
    checkRoom?: (activity: RequesterActivity) => void,
  ): Promise<StoredRequest> {
    const { stored, isNew } = await this.#knex.transaction(async trx => {
      // One request of a person after the other: what the second one finds is what the first one left.
      await inLine(trx, `requests of ${request.terms.requester}`);
      const repeated = await findIdempotent(trx, request);
      if (repeated) {
        return {
          stored: await this.#table.require(trx, repeated),
          isNew: false,
        };
      }
      return {
        stored: await this.#insert(trx, request, checkRoom),
        isNew: true,
      };
    });
    if (isNew) {
      this.#announce(stored, 0);
    }
    return stored;
  }

  async get(id: string): Promise<StoredRequest | undefined> {
    const [request] = await this.#table.load(
      this.#knex,
      await this.#table.rows(this.#knex).where({ id }),
    );
    return request;
  }

  async list(query: RequestQuery): Promise<RequestPage> {
    const now = await this.#clock.now(this.#knex);
    const rows: RequestRow[] = await this.#table
      .rows(this.#knex)
      .modify(applyQuery, query, now)
      .limit(query.limit + 1);
    const items = await this.#table.load(
      this.#knex,
      rows.slice(0, query.limit),
    );
    return rows.length > query.limit
      ? { items, nextCursor: items[items.length - 1].id }
      : { items };
  }

  async listUnfinished(clusterUid: string): Promise<StoredRequest[]> {
    return this.#table.load(
      this.#knex,
      await this.#table
        .rows(this.#knex)
        .where({ cluster_uid: clusterUid, finished: false })
        .orderBy('id'),
    );
  }

  async change(
    id: string,
    decide: (current: StoredRequest, now: Date) => RequestChange,
  ): Promise<StoredRequest> {
    const { request, known } = await this.#knex.transaction(async trx => {
      const current = await this.#table.require(trx, id, locked =>
        locked.forUpdate(),
      );
      const now = await this.#clock.now(trx);
      const change = decide(current, now);
      return isEmpty(change)
        ? { request: current }
        : {
            request: await this.#apply(trx, current, change, now),
            known: current.entries.length,
          };
    });
    // Listeners make the controller look again: a look that found nothing to do must not cause another.
    if (known !== undefined) {
      this.#announce(request, known);
    }
    return request;
  }

  async newestEntry(): Promise<EntryMark | undefined> {
    const row: RecordEntryRow | undefined = await this.#knex(
      TABLES.recordEntries,
    )
      .orderBy([
        { column: 'at', order: 'desc' },
        { column: 'request_id', order: 'desc' },
        { column: 'sequence', order: 'desc' },
      ])
      .first();
    return (
      row && { requestId: row.request_id, sequence: row.sequence, at: row.at }
    );
  }

  async now(): Promise<Date> {
    return this.#clock.now(this.#knex);
  }

  onChange(listener: ChangeListener): () => void {
    return this.#listeners.add(listener);
  }

  async #insert(
    trx: Knex.Transaction,
    request: NewRequest,
    checkRoom?: (activity: RequesterActivity) => void,
  ): Promise<StoredRequest> {
    const now = await this.#clock.now(trx);
    const stored = await insertRequest(
      this.#table,
      trx,
      request,
      now,
      checkRoom,
    );
    await rememberIdempotent(trx, request, now);
    await this.#audit.appendIn(
      trx,
      vouchForEntries(stored.id, stored.entries, request.audit),
      now,
    );
    await this.#notify(trx, stored);
    return stored;
  }

  async #apply(
    trx: Knex.Transaction,
    current: StoredRequest,
    change: RequestChange,
    now: Date,
  ): Promise<StoredRequest> {
    const added = (change.entries ?? []).map(entry => stamp(entry, now));
    const next: StoredRequest = {
      ...current,
      revision: current.revision + 1,
      entries: [...current.entries, ...added],
      observed: { ...current.observed, ...change.observed },
      notified: change.notified ?? current.notified,
    };
    for (const [index, entry] of added.entries()) {
      await trx(TABLES.recordEntries)
        .insert(toEntryRow(next.id, current.entries.length + index, entry))
        .catch(error => {
          throw isUniqueViolation(error)
            ? new ConflictError(
                `Request '${next.id}' was changed by somebody else at the same moment; look again`,
              )
            : error;
        });
      if (entry.kind === 'decided') {
        await trx(TABLES.requestPeople)
          .insert({ request_id: next.id, ref: entry.actor, role: 'decider' })
          .onConflict(['request_id', 'ref', 'role'])
          .ignore();
      }
    }
    await this.#table
      .rows(trx)
      .where({ id: next.id })
      .update({
        ...projectionOf(next, now),
        revision: next.revision,
        observed: JSON.stringify(next.observed),
        notified: JSON.stringify(next.notified),
      });
    await this.#audit.appendIn(
      trx,
      vouchForEntries(next.id, added, change.audit ?? []),
      now,
    );
    await this.#notify(trx, next);
    return next;
  }

  async #notify(
    trx: Knex.Transaction,
    { id, revision }: StoredRequest,
  ): Promise<void> {
    const replica = this.#replica;
    await notifyIn(trx, this.#table.installationId, { id, revision, replica });
  }

  /** @param known - how many entries everybody has heard of */
  #announce(request: StoredRequest, known: number): void {
    this.#listeners.tell(request, request.entries.slice(known));
  }
}

function isEmpty(change: RequestChange): boolean {
  return Object.values(change).every(part => part === undefined);
}
