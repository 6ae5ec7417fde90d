/**
 * Who may do what with a request, and when: the expectation that `decisionTable.test.ts` holds the API to and that
 * `docs/decision-table.md` is written from. Everything about it is data.
 */

/** Where a request stands. `… past its time` means that nothing has cleaned up after the clock yet. */
export const PHASES = [
  'Pending',
  'Pending past its time',
  'Approved',
  'Approved past its time',
  'Active',
  'Active past its time',
  'Denied',
  'Revoked',
  'Cancelled',
  'Expired',
  'Failed',
] as const;
export type Phase = (typeof PHASES)[number];

/** Who somebody is to the request. Two approvals are needed, and one owner has given theirs before anybody acts. */
export const ROLES = {
  requester: 'requester',
  undecided: 'owner who has not decided',
  decided: 'owner who has decided',
  decidedAndLeft: 'owner who decided and has left the team since',
  joined: 'owner who joined the team since it was asked',
  admin: 'admin',
  auditor: 'auditor',
  left: 'was an owner when it was asked, left without deciding',
  other: 'owner of another entity',
  stranger: 'user of no team',
  guest: 'guest',
} as const;
export type Role = keyof typeof ROLES;

/** What the API answers. */
export interface Outcome {
  status: number;
  /** The whole message; ids and times are written as `<id>` and `<time>`. */
  says?: string;
}

/** The first rule that fits a role and a phase tells the outcome. */
interface Rule extends Outcome {
  who?: Role[];
  when?: Phase[];
}

export interface Action {
  title: string;
  /** The operation, and what is sent with it. */
  call: string;
  rules: Rule[];
}

const OPEN: Phase[] = ['Pending', 'Approved', 'Active'];

const NOT_THERE: Rule = {
  who: ['left', 'other', 'stranger', 'guest'],
  status: 404,
  says: "There is no request '<id>'",
};

const HAS_ENDED: Rule[] = [
  ['Pending past its time', 'expired at <time> by system'],
  ['Approved past its time', 'expired at <time> by system'],
  ['Active past its time', 'expired at <time> by system'],
  ['Denied', 'denied at <time> by user:default/omar'],
  ['Revoked', 'revoked at <time> by user:default/pia'],
  ['Cancelled', 'cancelled at <time> by user:default/ada'],
  ['Expired', 'expired at <time> by system'],
  ['Failed', 'failed at <time> by system'],
].map(([phase, how]) => ({
  when: [phase as Phase],
  status: 409,
  says: `Request '<id>' has already ended: ${how}`,
}));

const MAY_NOT_DECIDE: Rule[] = [
  NOT_THERE,
  {
    who: ['requester'],
    status: 403,
    says: 'Nobody decides on their own request.',
  },
  {
    who: ['admin', 'auditor', 'decidedAndLeft'],
    status: 403,
    says: 'You are not an owner of this entity now, so you cannot decide. olga, omar, oona can.',
  },
  {
    who: ['joined'],
    status: 403,
    says: 'You were not an owner of this entity when this was asked, so you cannot decide on it. olga, omar, oona can.',
  },
];

const DOES_NOT_WAIT: Rule[] = [
  ['Pending past its time', 'expired'],
  ['Approved', 'approved, by oona'],
  ['Approved past its time', 'expired'],
  ['Active', 'approved, by oona'],
  ['Active past its time', 'expired'],
  ['Denied', 'denied, by omar'],
  ['Revoked', 'revoked, by pia'],
  ['Cancelled', 'cancelled, by ada'],
  ['Expired', 'expired'],
  ['Failed', 'failed'],
].map(([phase, how]) => ({
  when: [phase as Phase],
  status: 409,
  says: `This request does not wait any more: it is ${how}.`,
}));

const HAS_APPROVED: Rule = {
  who: ['decided'],
  when: ['Pending'],
  status: 409,
  says: 'You have approved this request already.',
};

const ONLY_ITS_REQUESTER: Rule[] = [
  NOT_THERE,
  {
    who: [
      'undecided',
      'decided',
      'decidedAndLeft',
      'joined',
      'admin',
      'auditor',
    ],
    status: 403,
    says: 'Only its requester can use a request',
  },
];

export const ACTIONS = {
  read: {
    title: 'Read it',
    call: 'GET /requests/{id}',
    rules: [NOT_THERE, { status: 200 }],
  },
  review: {
    title: 'Review it',
    call: 'GET /requests/{id}/review',
    rules: [
      NOT_THERE,
      { who: ['undecided'], when: ['Pending'], status: 200 },
      {
        status: 403,
        says: 'Only those who can decide on a request now can review it',
      },
    ],
  },
  ask: {
    title: 'Ask for the same pods',
    call: 'POST /requests, for oneself',
    rules: [
      {
        who: ['requester'],
        when: OPEN,
        status: 409,
        says: "You already have an open request for the same pods of component:default/payments-api ('<id>'); use it, or withdraw it first",
      },
      {
        who: ['guest'],
        status: 403,
        says: 'Guests cannot ask for access, because nobody could tell who it was. Sign in as yourself.',
      },
      { status: 201 },
    ],
  },
  approve: {
    title: 'Approve it',
    call: 'POST /requests/{id}/approve with its digest',
    rules: [
      ...MAY_NOT_DECIDE,
      HAS_APPROVED,
      { when: ['Pending'], status: 200 },
      ...DOES_NOT_WAIT,
    ],
  },
  deny: {
    title: 'Deny it',
    call: 'POST /requests/{id}/deny with its digest and a comment',
    rules: [
      ...MAY_NOT_DECIDE,
      HAS_APPROVED,
      { when: ['Pending'], status: 200 },
      ...DOES_NOT_WAIT,
    ],
  },
  cancel: {
    title: 'Withdraw it, or end its access',
    call: 'POST /requests/{id}/cancel',
    rules: [
      NOT_THERE,
      { who: ['requester'], when: OPEN, status: 200 },
      ...HAS_ENDED.map(rule => ({ ...rule, who: ['requester' as const] })),
      { status: 403, says: 'Only its requester can withdraw a request' },
    ],
  },
  revoke: {
    title: 'Revoke it',
    call: 'POST /requests/{id}/revoke',
    rules: [
      NOT_THERE,
      {
        who: ['requester', 'auditor'],
        status: 403,
        says: 'Only approvers and admins can revoke a request; its requester ends it by cancelling',
      },
      {
        who: ['undecided'],
        when: ['Pending'],
        status: 409,
        says: 'This request waits for a decision of yours: deny it, and say why',
      },
      { when: OPEN, status: 200 },
      {
        who: ['decidedAndLeft'],
        when: ['Denied'],
        status: 409,
        says: "Request '<id>' has already ended: denied at <time> by user:default/dan",
      },
      ...HAS_ENDED,
    ],
  },
  listPods: {
    title: 'List its pods',
    call: 'GET /requests/{id}/pods',
    rules: [
      ...ONLY_ITS_REQUESTER,
      { when: ['Approved', 'Active'], status: 200 },
      ...PHASES.filter(phase => !['Approved', 'Active'].includes(phase)).map(
        phase => ({
          when: [phase],
          status: 409,
          says: `This request gives no access now: it is ${
            phase === 'Pending'
              ? 'pending'
              : phase.replace(/.* past its time/, 'expired').toLowerCase()
          }`,
        }),
      ),
    ],
  },
  openSession: {
    title: 'Open a terminal',
    call: 'POST /requests/{id}/sessions for a container of one of its pods',
    rules: [
      ...ONLY_ITS_REQUESTER,
      { when: ['Active'], status: 201 },
      ...(
        [
          ['Pending', 'Nobody has approved this request yet.'],
          ['Pending past its time', 'The time of this request is up.'],
          ['Approved', 'The access is being set up. Try again in a moment.'],
          ['Approved past its time', 'The time of this request is up.'],
          ['Active past its time', 'The time of this request is up.'],
          ['Denied', 'This request was denied.'],
          ['Revoked', 'This access was revoked.'],
          ['Cancelled', 'This access was ended by its requester.'],
          ['Expired', 'The time of this request is up.'],
          ['Failed', 'This access could not be set up.'],
        ] as Array<[Phase, string]>
      ).map(([phase, says]) => ({ when: [phase], status: 409, says })),
    ],
  },
  playRecording: {
    title: 'Play what was recorded',
    call: 'GET /requests/{id}/sessions/{session}/recording of one of its sessions',
    rules: [
      NOT_THERE,
      {
        who: ['undecided', 'decided', 'decidedAndLeft', 'joined'],
        status: 403,
        says: 'What was recorded is for the requester, auditors and admins',
      },
      { status: 200 },
    ],
  },
} satisfies Record<string, Action>;
export type ActionName = keyof typeof ACTIONS;

/** What the API has to answer. */
export function outcomeOf(
  action: ActionName,
  role: Role,
  phase: Phase,
): Outcome {
  const rules: Rule[] = ACTIONS[action].rules;
  const rule = rules.find(
    ({ who, when }) =>
      (!who || who.includes(role)) && (!when || when.includes(phase)),
  );
  if (!rule) {
    throw new Error(`No rule says what ${role} gets for ${action} in ${phase}`);
  }
  return { status: rule.status, ...(rule.says ? { says: rule.says } : {}) };
}
