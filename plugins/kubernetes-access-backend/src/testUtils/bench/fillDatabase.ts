import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { RequestTerms } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { isPostgres } from '../../database';
import {
  newStored,
  stamp,
  toEntryRow,
  toRequestRow,
} from '../../database/requestRows';
import { TABLES } from '../../database/tables';
import type { RecordEntryInput, StoredRequest } from '../../database/types';
import { digestOf } from '../../requests/digest';
import { createRequestId } from '../../requests/requestId';
import { anApproval, aNewRequest, termsOf } from '../requests';

const BATCH = 50;
const MINUTE_MS = 60_000;

/** Nobody looks after a cluster that is not configured: what waits for a decision stays rows. */
const ELSEWHERE = 'a cluster that is not there';

/** Names that queries are made with stand among them. */
const PEOPLE = ['ada', 'sam', ...named('person', 48)];
const APPROVERS = ['olga', 'omar', ...named('owner', 18)];
const COMPONENTS = ['payments-api', ...named('service', 49)];
const REASONS = [
  'The queue is stuck since the last deploy.',
  'The ledger does not balance; find out why.',
  'Memory grows until the pod is killed.',
];

/** Into which database, and for which cluster. */
export interface Filling {
  knex: Knex;
  installationId: string;
  clusterUid: string;
}

/**
 * Stores requests as a year of use leaves them behind: by fifty people for fifty components, a minute apart, ended in
 * every way, the last few waiting for a decision. Rows alone: no audit trail stands behind them.
 */
export async function fillDatabase(
  { knex, installationId }: Filling,
  count: number,
): Promise<void> {
  const now = new Date();
  for (let from = 0; from < count; from += BATCH) {
    const requests = Array.from(
      { length: Math.min(BATCH, count - from) },
      (_, offset) => aPastRequest(from + offset, { count, now }),
    );
    await knex.transaction(async trx => {
      await storeRows(trx, requests, installationId, now);
    });
  }
  if (isPostgres(knex)) {
    // As in a year it has done many times by itself, where that is not switched off for tests.
    await knex.raw('analyze');
  }
}

/** Stores a request that Ada made and Olga approved while nobody looked. */
export async function storeApproved(
  { knex, installationId, clusterUid }: Filling,
  podSelector: string,
): Promise<StoredRequest> {
  const now = new Date();
  const request = aRequest(now, {
    clusterUid,
    targets: [{ namespace: 'payments', podSelector }],
  });
  const approved = {
    ...request,
    entries: [...request.entries, stamp(anApproval(request), now)],
  };
  await knex.transaction(trx =>
    storeRows(trx, [approved], installationId, now),
  );
  return approved;
}

async function storeRows(
  trx: Knex.Transaction,
  requests: StoredRequest[],
  installationId: string,
  now: Date,
): Promise<void> {
  await trx(TABLES.requests).insert(
    requests.map(request => toRequestRow(request, installationId, now)),
  );
  await trx(TABLES.recordEntries).insert(
    requests.flatMap(({ id, entries }) =>
      entries.map((entry, index) => toEntryRow(id, index, entry)),
    ),
  );
  await trx(TABLES.requestPeople).insert(
    requests.flatMap(({ id, approvers, entries }) => [
      ...[...approvers.owners, ...approvers.users].map(ref => ({
        request_id: id,
        ref,
        role: 'approver',
      })),
      ...entries
        .filter(({ kind }) => kind === 'decided')
        .map(({ actor }) => ({ request_id: id, ref: actor, role: 'decider' })),
    ]),
  );
}

function aPastRequest(
  index: number,
  { count, now }: { count: number; now: Date },
): StoredRequest {
  const at = new Date(now.getTime() - (count - index) * MINUTE_MS);
  const approver = `user:default/${pick(APPROVERS, index * 7)}`;
  const request = aRequest(
    at,
    {
      requester: `user:default/${pick(PEOPLE, index)}`,
      entityRef: `component:default/${pick(COMPONENTS, index * 3)}`,
      clusterUid: ELSEWHERE,
      reason: pick(REASONS, index),
    },
    [approver, `user:default/${pick(APPROVERS, index * 7 + 1)}`],
  );
  const entries = count - index <= 20 ? [] : endOf(request, index, approver);
  return {
    ...request,
    entries: [...request.entries, ...entries.map(entry => stamp(entry, at))],
    observed: {
      removal:
        entries.length > 0
          ? { state: 'removed', at: at.toISOString() }
          : { state: 'none' },
    },
  };
}

/** Denied, withdrawn, expired and revoked, in turns. */
function endOf(
  { requester, digest, terms, createdAt }: StoredRequest,
  index: number,
  approver: string,
): RecordEntryInput[] {
  const decided = (verdict: 'approve' | 'deny') =>
    ({ kind: 'decided', actor: approver, verdict, digest } as const);
  const started = {
    kind: 'started',
    actor: 'system',
    startsAt: createdAt,
    expiresAt: new Date(
      Date.parse(createdAt) + terms.durationSeconds * 1000,
    ).toISOString(),
  } as const;
  const ended = (actor: string, reason: 'cancelled' | 'expired' | 'revoked') =>
    ({ kind: 'ended', actor, reason } as const);
  return pick<RecordEntryInput[]>(
    [
      [{ ...decided('deny'), comment: 'Use the test cluster.' }],
      [ended(requester, 'cancelled')],
      [decided('approve'), started, ended('system', 'expired')],
      [decided('approve'), started, ended(approver, 'revoked')],
    ],
    index,
  );
}

function aRequest(
  at: Date,
  overrides: Partial<RequestTerms>,
  users?: string[],
): StoredRequest {
  const id = createRequestId(at.getTime(), randomBytes(10));
  const terms = termsOf(overrides);
  return newStored(
    aNewRequest({
      id,
      terms,
      digest: digestOf(terms),
      clusterName: 'test',
      resourceName: `ar-${id}`,
      ...(users
        ? { approvers: { owners: ['group:default/payments'], users } }
        : {}),
    }),
    at,
  );
}

function named(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

function pick<T>(from: readonly T[], index: number): T {
  return from[index % from.length];
}
