import type { RequestTerms } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { NewRequest, RecordEntryInput } from '../database/types';
import { digestOf } from '../requests/digest';
import { createRequestId } from '../requests/requestId';

let count = 0;

/** An id that no other test uses. */
export function aRequestId(): string {
  count += 1;
  return createRequestId(
    Date.parse('2026-01-15T12:00:00.000Z') + count,
    new Uint8Array(10).fill(7),
  );
}

/** Ada asks for an hour in payments-api, unless told otherwise. */
export function termsOf(overrides: Partial<RequestTerms> = {}): RequestTerms {
  return {
    requester: 'user:default/ada',
    entityRef: 'component:default/payments-api',
    clusterUid: '5b0c2c6e-0000-4000-8000-000000000001',
    targets: [
      {
        namespace: 'payments',
        podSelector: 'backstage.io/kubernetes-id=payments-api',
      },
    ],
    accessLevel: 'exec',
    reason: 'The queue is stuck since the last deploy.',
    durationSeconds: 3600,
    policy: { name: 'default', approvals: 1 },
    ...overrides,
  };
}

/** A request that is ready to be stored. */
export function aNewRequest(
  overrides: Partial<Omit<NewRequest, 'terms'>> & {
    terms?: Partial<RequestTerms>;
  } = {},
): NewRequest {
  const { terms: termOverrides, ...rest } = overrides;
  const id = rest.id ?? aRequestId();
  const terms = termsOf(termOverrides);
  return {
    id,
    terms,
    digest: digestOf(terms),
    clusterName: 'demo',
    resourceName: `ar-${id}`,
    pendingSeconds: 24 * 3600,
    approvers: {
      owners: ['group:default/payments'],
      users: ['user:default/olga', 'user:default/omar'],
    },
    audit: [],
    ...rest,
  };
}

/** The entry of somebody who approves what was asked: Olga, unless told otherwise. */
export function anApproval(
  { digest }: { digest: string },
  approver: string = 'user:default/olga',
): Extract<RecordEntryInput, { kind: 'decided' }> {
  return { kind: 'decided', actor: approver, verdict: 'approve', digest };
}
