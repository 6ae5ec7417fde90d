import { NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import { fromRows } from './requestRows';
import type { RecordEntryRow, RequestRow } from './tables';
import { TABLES } from './tables';
import type { StoredRequest } from './types';

/** Engines bind only so many values in one statement. */
const BATCH = 500;

/** Reads the requests of an installation with their record, in a transaction or outside of one. */
export class RequestTable {
  constructor(readonly installationId: string) {}

  rows(knex: Knex): Knex.QueryBuilder {
    return knex(TABLES.requests).where({
      installation_id: this.installationId,
    });
  }

  /** The requests of rows, in their order. */
  async load(knex: Knex, rows: RequestRow[]): Promise<StoredRequest[]> {
    const entries = new Map<string, RecordEntryRow[]>(
      rows.map(({ id }) => [id, []]),
    );
    const ids = [...entries.keys()];
    for (let from = 0; from < ids.length; from += BATCH) {
      const found: RecordEntryRow[] = await knex(TABLES.recordEntries)
        .whereIn('request_id', ids.slice(from, from + BATCH))
        .orderBy(['request_id', 'sequence']);
      found.forEach(entry => entries.get(entry.request_id)?.push(entry));
    }
    return rows.map(row => fromRows(row, entries.get(row.id) ?? []));
  }

  /** @throws NotFoundError */
  async require(
    knex: Knex,
    id: string,
    modify: (query: Knex.QueryBuilder) => void = () => {},
  ): Promise<StoredRequest> {
    const [request] = await this.load(
      knex,
      await this.rows(knex).where({ id }).modify(modify),
    );
    if (!request) {
      throw new NotFoundError(`There is no request '${id}'`);
    }
    return request;
  }
}
