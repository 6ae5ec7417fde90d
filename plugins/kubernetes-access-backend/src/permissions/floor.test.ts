import type { RequestState } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import { aNewRequest } from '../testUtils/requests';
import { actionsOnFloor, floor } from './floor';

/** Ada asked; the owners are payments, of whom Olga and Omar could decide; Omar did. */
const request: StoredRequest = {
  ...aNewRequest({
    approvers: {
      owners: ['group:default/payments'],
      users: ['user:default/olga', 'user:default/omar'],
    },
  }),
  revision: 1,
  requester: 'user:default/ada',
  approvals: 2,
  createdAt: '2026-01-15T12:00:00.000Z',
  pendingUntil: '2026-01-16T12:00:00.000Z',
  notified: [],
  observed: { removal: { state: 'none' } },
  entries: [
    {
      kind: 'decided',
      at: '2026-01-15T12:01:00.000Z',
      actor: 'user:default/omar',
      verdict: 'approve',
      digest: 'sha256:0',
    },
  ],
};

const people = {
  requester: ['user:default/ada', 'group:default/storefront'],
  'requester who owns': ['user:default/ada', 'group:default/payments'],
  approver: ['user:default/olga', 'group:default/payments'],
  'approver who left': ['user:default/olga'],
  'approver with an account that is the requester’s too': [
    'user:default/olga',
    'group:default/payments',
    'user:default/ada',
  ],
  'owner who came later': ['user:default/oscar', 'group:default/payments'],
  'decider who left': ['user:default/omar'],
  admin: ['user:default/pia', 'group:default/platform'],
  auditor: ['user:default/kim', 'group:default/audit'],
  stranger: ['user:default/sam', 'group:default/storefront'],
  'guest with every group': [
    'user:default/guest',
    'group:default/payments',
    'group:default/platform',
    'group:default/audit',
  ],
  'guest of development with every group': [
    'user:development/guest',
    'group:default/payments',
    'group:default/platform',
    'group:default/audit',
  ],
} as const;

type Person = keyof typeof people;

function inputFor(person: Person) {
  const [userRef, ...groups] = people[person];
  return {
    caller: { userRef, ownershipRefs: [userRef, ...groups] },
    request,
    admins: ['group:default/platform'],
    auditors: ['group:default/audit'],
  };
}

const allowed: Record<keyof typeof floor, Person[]> = {
  maySee: [
    'requester',
    'requester who owns',
    'approver',
    'approver with an account that is the requester’s too',
    'owner who came later',
    'decider who left',
    'admin',
    'auditor',
  ],
  mayDecide: ['approver'],
  mayCancel: ['requester', 'requester who owns'],
  mayRevoke: [
    'approver',
    'approver with an account that is the requester’s too',
    'owner who came later',
    'decider who left',
    'admin',
  ],
  mayOpenSession: ['requester', 'requester who owns'],
  mayReadRecordings: ['requester', 'requester who owns', 'admin', 'auditor'],
};

describe.each(Object.keys(floor) as Array<keyof typeof floor>)(
  'floor.%s',
  rule => {
    it.each(Object.keys(people) as Person[])('judges the %s', person => {
      expect(floor[rule](inputFor(person))).toBe(
        allowed[rule].includes(person),
      );
    });
  },
);

it('shows recordings to approvers where that is configured, and to no one else', () => {
  const may = (person: Person) =>
    floor.mayReadRecordings({
      ...inputFor(person),
      approversReadRecordings: true,
    });
  expect((Object.keys(people) as Person[]).filter(may)).toEqual(allowed.maySee);
});

describe('actionsOnFloor', () => {
  const actions = (person: Person, state: Partial<RequestState>) =>
    Object.entries(
      actionsOnFloor(inputFor(person), {
        phase: 'Pending',
        approvedBy: [],
        ...state,
      }),
    )
      .filter(([, may]) => may)
      .map(([action]) => action);

  it.each<[Person, Partial<RequestState>, string[]]>([
    ['approver', { phase: 'Pending' }, ['decide']],
    [
      'approver',
      { phase: 'Pending', approvedBy: ['user:default/olga'] },
      ['revoke'],
    ],
    ['approver', { phase: 'Active' }, ['revoke']],
    ['approver', { phase: 'Revoked' }, []],
    ['requester', { phase: 'Pending' }, ['cancel']],
    ['requester', { phase: 'Approved' }, ['cancel']],
    ['requester', { phase: 'Active' }, ['cancel', 'openSession']],
    ['requester', { phase: 'Expired' }, []],
    ['admin', { phase: 'Pending' }, ['revoke']],
    ['admin', { phase: 'Active' }, ['revoke']],
    ['auditor', { phase: 'Active' }, []],
  ])('gives the %s of a request in %j: %j', (person, state, expected) => {
    expect(actions(person, state)).toEqual(expected);
  });
});
