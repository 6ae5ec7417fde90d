import type { RecordEntry } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  deadlineOf,
  isTerminal,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { openKeyOf } from '../requests/digest';
import { searchTextOf } from './searchText';
import type { RecordEntryRow, RequestRow } from './tables';
import type { NewRequest, RecordEntryInput, StoredRequest } from './types';

/** A request as its rows say. */
export function fromRows(
  row: RequestRow,
  entries: RecordEntryRow[],
): StoredRequest {
  const terms = JSON.parse(row.terms);
  return {
    id: row.id,
    revision: row.revision,
    terms,
    requester: row.requester,
    digest: row.digest,
    approvals: row.approvals,
    clusterName: row.cluster_name,
    resourceName: row.resource_name,
    createdAt: row.created_at,
    pendingUntil: row.pending_until,
    approvers: JSON.parse(row.approvers),
    notified: JSON.parse(row.notified),
    observed: JSON.parse(row.observed),
    entries: entries.map(entry => JSON.parse(entry.payload) as RecordEntry),
  };
}

/** A new request as a row. */
export function toRequestRow(
  request: StoredRequest,
  installationId: string,
  now: Date,
): RequestRow {
  return {
    id: request.id,
    installation_id: installationId,
    cluster_uid: request.terms.clusterUid,
    cluster_name: request.clusterName,
    requester: request.requester,
    entity_ref: request.terms.entityRef,
    terms: JSON.stringify(request.terms),
    digest: request.digest,
    resource_name: request.resourceName,
    approvals: request.approvals,
    approvers: JSON.stringify(request.approvers),
    notified: JSON.stringify(request.notified),
    created_at: request.createdAt,
    pending_until: request.pendingUntil,
    revision: request.revision,
    observed: JSON.stringify(request.observed),
    ...projectionOf(request, now),
  };
}

/** The columns that are computed from everything else, for queries. */
export function projectionOf(
  request: StoredRequest,
  now: Date,
): Pick<
  RequestRow,
  'phase' | 'deadline' | 'open_key' | 'finished' | 'search_text'
> {
  const state = stateAt(request, request.observed, now);
  const ended = isTerminal(state.phase);
  return {
    phase: state.phase,
    deadline: ended ? null : deadlineOf(request, state),
    open_key: ended ? null : openKeyOf(request.terms),
    finished: ended && request.observed.removal.state === 'removed',
    search_text: searchTextOf(request),
  };
}

/** The row of an entry. */
export function toEntryRow(
  requestId: string,
  sequence: number,
  entry: RecordEntry,
): RecordEntryRow {
  return {
    request_id: requestId,
    sequence,
    kind: entry.kind,
    actor: entry.actor,
    at: entry.at,
    payload: JSON.stringify(entry),
    once: onceKeyOf(entry),
  };
}

/** What may stand only once: the database refuses the second, whatever two replicas think. */
function onceKeyOf(entry: RecordEntry): string {
  return entry.kind === 'decided' ? `decided ${entry.actor}` : entry.kind;
}

/** Stamps an entry with the time of its transaction. */
export function stamp(entry: RecordEntryInput, at: Date): RecordEntry {
  return { ...entry, at: at.toISOString() } as RecordEntry;
}

/** A request as it is the moment it is made. */
export function newStored(request: NewRequest, now: Date): StoredRequest {
  return {
    id: request.id,
    revision: 1,
    terms: request.terms,
    requester: request.terms.requester,
    digest: request.digest,
    approvals: request.terms.policy.approvals,
    clusterName: request.clusterName,
    resourceName: request.resourceName,
    createdAt: now.toISOString(),
    pendingUntil: new Date(
      now.getTime() + request.pendingSeconds * 1000,
    ).toISOString(),
    approvers: request.approvers,
    notified: [],
    observed: { removal: { state: 'none' } },
    entries: [
      stamp(
        {
          kind: 'asked',
          actor: request.terms.requester,
          digest: request.digest,
        },
        now,
      ),
    ],
  };
}
