import type { Knex } from 'knex';
import type { RequestTerms } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  isTerminal,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { canonicalJson } from '../canonicalJson';
import type { RequestTable } from './RequestTable';
import type { RequestRow } from './tables';
import { TABLES } from './tables';
import type { RequesterActivity } from './types';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What the requester asked for lately. Nobody may be adding to it meanwhile. */
export async function activityOf(
  table: RequestTable,
  trx: Knex.Transaction,
  terms: RequestTerms,
  now: Date,
): Promise<RequesterActivity> {
  const deniedAt = await lastDenial(table, trx, terms, now);
  return {
    openRequests: await countOpen(table, trx, terms.requester, now),
    askedAt: await askedWithinAnHour(table, trx, terms.requester, now),
    ...(deniedAt ? { deniedAt } : {}),
    now,
  };
}

async function countOpen(
  table: RequestTable,
  trx: Knex.Transaction,
  requester: string,
  now: Date,
): Promise<number> {
  const rows: RequestRow[] = await table
    .rows(trx)
    .where({ requester })
    .where('deadline', '>', now.toISOString());
  const open = await table.load(trx, rows);
  return open.filter(
    each => !isTerminal(stateAt(each, each.observed, now).phase),
  ).length;
}

async function askedWithinAnHour(
  table: RequestTable,
  trx: Knex.Transaction,
  requester: string,
  now: Date,
): Promise<string[]> {
  const rows: Array<Pick<RequestRow, 'created_at'>> = await table
    .rows(trx)
    .where({ requester })
    .where('created_at', '>', before(now, HOUR_MS))
    .orderBy('created_at')
    .select('created_at');
  return rows.map(row => row.created_at);
}

async function lastDenial(
  table: RequestTable,
  trx: Knex.Transaction,
  terms: RequestTerms,
  now: Date,
): Promise<string | undefined> {
  const rows: RequestRow[] = await table
    .rows(trx)
    .where({ requester: terms.requester, phase: 'Denied' })
    .whereIn('id', function decidedToday() {
      this.select('request_id')
        .from(TABLES.recordEntries)
        .where('kind', 'decided')
        .where('at', '>', before(now, DAY_MS));
    });
  const denied = await table.load(trx, rows);
  return denied
    .filter(each => whereOf(each.terms) === whereOf(terms))
    .map(each => stateAt(each, each.observed, now).endedAt ?? '')
    .sort()
    .pop();
}

/** The same pods, whatever is asked for in them. */
function whereOf({ clusterUid, targets }: RequestTerms): string {
  return canonicalJson({ clusterUid, targets });
}

function before(now: Date, ms: number): string {
  return new Date(now.getTime() - ms).toISOString();
}
