import type { ClusterConnection } from '../kubernetes';
import type { AssessedTarget } from './EntityAccessService';
import type { RequestInput } from './mayRequest';
import { mayRequest } from './mayRequest';
import { PROBLEMS } from './problems';

const target: AssessedTarget = {
  cluster: { name: 'demo', title: 'Demo' },
  namespace: 'payments',
  podSelector: 'app=payments',
  connection: {} as ClusterConnection,
  approvers: {
    owners: ['group:default/payments'],
    users: ['user:default/olga'],
  },
};

function input(overrides: Partial<RequestInput> = {}): RequestInput {
  return {
    asked: {
      entityRef: 'component:default/payments-api',
      accessLevel: 'exec',
      reason: 'The queue is stuck.',
      durationSeconds: 600,
    },
    isGuest: false,
    isPermitted: true,
    assessment: {
      entityRef: 'component:default/payments-api',
      targets: [target],
    },
    limits: {
      minDurationSeconds: 600,
      maxDurationSeconds: 3600,
      defaultDurationSeconds: 600,
      minReasonLength: 10,
      maxReasonLength: 20,
      approvals: 1,
      pendingSeconds: 60,
    },
    openRequests: 2,
    maxOpenRequests: 3,
    ...overrides,
  };
}

const asking = (asked: Partial<RequestInput['asked']>) =>
  input({ asked: { ...input().asked, ...asked } });

const assessed = (assessment: Partial<RequestInput['assessment']>) =>
  input({ assessment: { ...input().assessment, ...assessment } });

describe('mayRequest', () => {
  it.each<[string, RequestInput]>([
    ['everything is in order', input()],
    ['the duration is the longest', asking({ durationSeconds: 3600 })],
    ['the reason is the shortest', asking({ reason: 'x'.repeat(10) })],
    ['the reason counts in characters', asking({ reason: '🙂'.repeat(20) })],
    ['the place is said', asking({ cluster: 'demo', namespace: 'payments' })],
    [
      'one of several places is meant',
      {
        ...assessed({
          targets: [
            target,
            { ...target, cluster: { name: 'prod', title: 'Production' } },
          ],
        }),
        asked: { ...input().asked, cluster: 'prod' },
      },
    ],
  ])('says nothing when %s', (_, judged) => {
    expect(mayRequest(judged)).toBeUndefined();
  });

  it.each<[string, RequestInput, string]>([
    ['a guest asks', input({ isGuest: true }), 'not-permitted'],
    ['the policy denies', input({ isPermitted: false }), 'not-permitted'],
    [
      'it is too short',
      asking({ durationSeconds: 599 }),
      'duration-out-of-bounds',
    ],
    [
      'it is too long',
      asking({ durationSeconds: 3601 }),
      'duration-out-of-bounds',
    ],
    [
      'it never ends',
      asking({ durationSeconds: NaN }),
      'duration-out-of-bounds',
    ],
    ['there is no reason', asking({ reason: '' }), 'reason-out-of-bounds'],
    [
      'it is a novel',
      asking({ reason: 'x'.repeat(21) }),
      'reason-out-of-bounds',
    ],
    [
      'the entity has a problem',
      assessed({ problem: PROBLEMS.noOwner() }),
      'no-owner',
    ],
    [
      'another place is meant',
      asking({ namespace: 'vault' }),
      'unknown-target',
    ],
    [
      'no place is clear',
      assessed({ targets: [target, target] }),
      'ambiguous-target',
    ],
    [
      'the target has a problem',
      assessed({
        targets: [{ ...target, problem: PROBLEMS.noConsent('payments', []) }],
      }),
      'no-consent',
    ],
    ['there is no room', input({ openRequests: 3 }), 'too-many-open'],
  ])('refuses when %s', (_, judged, reason) => {
    expect(mayRequest(judged)).toMatchObject({
      reason,
      message: expect.stringMatching(/\.$/),
    });
  });

  it('tells who may not ask nothing of the targets', () => {
    const judged = {
      ...assessed({ problem: PROBLEMS.noOwner() }),
      isPermitted: false,
    };
    expect(mayRequest(judged)?.reason).toBe('not-permitted');
  });
});
