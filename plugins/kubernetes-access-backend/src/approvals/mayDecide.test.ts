import { stateAt } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { PROBLEMS } from '../requests/problems';
import {
  after,
  approvalOf,
  aStoredRequest,
  withEntries,
} from '../testUtils/stored';
import type { DecideInput } from './mayDecide';
import { mayDecide } from './mayDecide';

const pending = aStoredRequest();
const ofTwo = { ...aStoredRequest(), approvals: 2 };

/** Omar approves what Ada asked, two minutes after, unless told otherwise. */
function input(
  overrides: Partial<DecideInput> = {},
  request = overrides.request ?? pending,
): DecideInput {
  return {
    caller: {
      userRef: 'user:default/omar',
      ownershipRefs: ['user:default/omar', 'group:default/payments'],
    },
    inPerson: true,
    decision: { verdict: 'approve', digest: request.digest, comment: '' },
    request,
    state: stateAt(request, request.observed, new Date(after(120))),
    isPermitted: true,
    approversNow: request.approvers,
    limits: { approvals: 1, maxDurationSeconds: 3600 },
    ...overrides,
  };
}

const deny = (comment: string) =>
  ({ verdict: 'deny', digest: pending.digest, comment } as const);

const without = (user: string) => ({
  owners: pending.approvers.owners,
  users: pending.approvers.users.filter(other => other !== user),
});

describe('mayDecide', () => {
  it.each<[string, DecideInput]>([
    ['an owner approves', input()],
    ['an owner denies and says why', input({ decision: deny('No.') })],
    [
      'the second of two approves',
      input({ request: withEntries(ofTwo, approvalOf(ofTwo)) }),
    ],
    [
      'an owner denies what the namespace does not open to any more',
      input({
        decision: deny('No.'),
        targetProblem: PROBLEMS.noConsent('payments', []),
      }),
    ],
    [
      'an owner denies what the policy would not allow any more',
      input({
        decision: deny('No.'),
        limits: { approvals: 3, maxDurationSeconds: 60 },
      }),
    ],
  ])('says nothing when %s', (_, judged) => {
    expect(mayDecide(judged)).toBeUndefined();
  });

  const requester = {
    userRef: 'user:default/ada',
    ownershipRefs: ['user:default/ada', 'group:default/payments'],
  };
  const guest = {
    userRef: 'user:default/guest',
    ownershipRefs: ['user:default/guest', 'group:default/payments'],
  };
  const everybody = {
    owners: ['group:default/payments'],
    users: ['user:default/ada', 'user:default/guest', 'user:default/omar'],
  };
  const open = { ...pending, approvers: everybody };

  it.each<[string, DecideInput, string]>([
    [
      'a service decides in the name of an owner',
      input({ inPerson: false }),
      'not-in-person',
    ],
    [
      'the requester owns it',
      input({ caller: requester, approversNow: everybody, request: open }),
      'own-request',
    ],
    [
      'the requester comes with another account',
      input({
        caller: {
          userRef: 'user:default/omar',
          ownershipRefs: [
            'user:default/omar',
            'user:default/ada',
            'group:default/payments',
          ],
        },
      }),
      'own-request',
    ],
    [
      'a guest owns it',
      input({ caller: guest, approversNow: everybody, request: open }),
      'not-an-approver',
    ],
    [
      'the approver has left the owners',
      input({ approversNow: without('user:default/omar') }),
      'not-an-approver',
    ],
    [
      'the sign-in does not say that the approver owns anything',
      input({
        caller: {
          userRef: 'user:default/omar',
          ownershipRefs: ['user:default/omar'],
        },
      }),
      'not-an-approver',
    ],
    [
      'the entity has another owner now',
      input({
        approversNow: {
          owners: ['group:default/storefront'],
          users: pending.approvers.users,
        },
      }),
      'not-an-approver',
    ],
    [
      'the approver came after it was asked',
      input({
        request: { ...pending, approvers: without('user:default/omar') },
        approversNow: pending.approvers,
      }),
      'not-an-approver-then',
    ],
    ['the policy says no', input({ isPermitted: false }), 'not-permitted'],
    [
      'it has been approved',
      input({ request: withEntries(pending, approvalOf(pending)) }),
      'not-pending',
    ],
    [
      'it has been withdrawn',
      input({
        request: withEntries(pending, {
          kind: 'ended',
          at: after(30),
          actor: 'user:default/ada',
          reason: 'cancelled',
        }),
      }),
      'not-pending',
    ],
    [
      'nobody decided in time',
      input({
        state: stateAt(pending, {}, new Date(pending.pendingUntil)),
      }),
      'not-pending',
    ],
    [
      'the same approver approves twice',
      input({
        caller: {
          userRef: 'user:default/olga',
          ownershipRefs: ['group:default/payments'],
        },
        request: withEntries(ofTwo, approvalOf(ofTwo)),
      }),
      'already-decided',
    ],
    [
      'something else was seen',
      input({
        decision: { verdict: 'approve', digest: 'sha256:0', comment: '' },
      }),
      'other-digest',
    ],
    ['a denial says not why', input({ decision: deny('') }), 'no-comment'],
    [
      'the namespace does not open any more',
      input({ targetProblem: PROBLEMS.noConsent('payments', []) }),
      'target-closed',
    ],
    [
      'more approvals are demanded now',
      input({ limits: { approvals: 2, maxDurationSeconds: 3600 } }),
      'policy-stricter',
    ],
    [
      'only shorter access is given now',
      input({ limits: { approvals: 1, maxDurationSeconds: 3599 } }),
      'policy-stricter',
    ],
    [
      'who approved first has left the owners',
      input({
        request: withEntries(ofTwo, approvalOf(ofTwo)),
        approversNow: without('user:default/olga'),
      }),
      'approver-left',
    ],
  ])('refuses when %s', (_, judged, reason) => {
    expect(mayDecide(judged)).toMatchObject({
      reason,
      message: expect.stringMatching(/\.$/),
    });
  });
});
