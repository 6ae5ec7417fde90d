import type {
  RecordEntry,
  RequestTerms,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import { anApproval, aNewRequest } from './requests';

/** The instant at which requests of {@link aStoredRequest} are asked. */
const ASKED_AT = '2026-01-15T12:00:00.000Z';

/** So many seconds after the request was asked. */
export function after(seconds: number): string {
  return new Date(Date.parse(ASKED_AT) + seconds * 1000).toISOString();
}

/** A request as a store would hand it out, with a record of one's choice. */
export function aStoredRequest(
  overrides: Partial<Omit<StoredRequest, 'terms'>> & {
    terms?: Partial<RequestTerms>;
  } = {},
): StoredRequest {
  const { terms, ...rest } = overrides;
  const request = aNewRequest({ terms });
  const { audit: _a, pendingSeconds, ...kept } = request;
  return {
    ...kept,
    requester: request.terms.requester,
    approvals: request.terms.policy.approvals,
    revision: 1,
    createdAt: ASKED_AT,
    pendingUntil: after(pendingSeconds),
    notified: [],
    observed: { removal: { state: 'none' } },
    entries: [
      {
        kind: 'asked',
        at: ASKED_AT,
        actor: request.terms.requester,
        digest: request.digest,
      },
    ],
    ...rest,
  };
}

/** The request with more on its record. */
export function withEntries(
  request: StoredRequest,
  ...entries: RecordEntry[]
): StoredRequest {
  return { ...request, entries: [...request.entries, ...entries] };
}

/** Olga's approval of a request, 60 seconds after it was asked. */
export function approvalOf(request: StoredRequest): RecordEntry {
  return { ...anApproval(request), at: after(60) };
}

/** The start of a request's grant, 61 seconds after it was asked. */
export function startOf(request: StoredRequest): RecordEntry {
  return {
    kind: 'started',
    at: after(61),
    actor: 'system',
    startsAt: after(61),
    expiresAt: after(61 + request.terms.durationSeconds),
  };
}
