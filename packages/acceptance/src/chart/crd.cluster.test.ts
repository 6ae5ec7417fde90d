import type { AccessRequestPhase } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { clusterFromEnvironment } from '@kubernetes-access/dev-cluster';
import { AccessRequests, aSpec } from './support/AccessRequests';
import { refusalOf } from './support/refusal';

jest.setTimeout(240_000);

const PHASES: AccessRequestPhase[] = [
  'Pending',
  'Approved',
  'Active',
  'Denied',
  'Expired',
  'Revoked',
  'Cancelled',
  'Failed',
];

const NEXT: Partial<Record<AccessRequestPhase, AccessRequestPhase[]>> = {
  Pending: [
    'Approved',
    'Active',
    'Denied',
    'Expired',
    'Cancelled',
    'Revoked',
    'Failed',
  ],
  Approved: ['Active', 'Revoked', 'Cancelled', 'Expired', 'Failed'],
  Active: ['Expired', 'Revoked', 'Cancelled', 'Failed'],
};

const AT = '2026-11-21T10:00:00.000Z';
const LATER = '2026-11-21T11:00:00.000Z';

describe('AccessRequests on a real API server', () => {
  let requests: AccessRequests;

  beforeAll(async () => {
    requests = await AccessRequests.in(await clusterFromEnvironment());
  });

  afterAll(() => requests.removeAll());

  describe('what may be asked for', () => {
    it('takes a selector, and takes names of pods', async () => {
      const targets = [
        { namespace: 'payments', pods: ['payments-api-0'] },
        {
          namespace: 'storefront',
          podSelector: 'app in (web, shop)',
          containers: ['app'],
        },
      ];

      const name = await requests.make(aSpec({ targets }));

      expect((await requests.read(name)).spec.targets).toEqual(targets);
    });

    it('takes the largest request that its bounds allow', async () => {
      const pods = (target: number) =>
        Array.from({ length: 200 }, (_, pod) =>
          `pod-${target}-${pod}-${'x'.repeat(240)}`.slice(0, 253),
        );
      const targets = Array.from({ length: 20 }, (_, target) => ({
        namespace: `n${target}-${'x'.repeat(58)}`,
        pods: pods(target),
      }));

      // 4,000 names of 253 characters are over a megabyte; etcd takes 1.5.
      const name = await requests.make(
        aSpec({ targets, reason: 'x'.repeat(4000), duration: '2592000s' }),
      );

      expect((await requests.read(name)).spec.targets).toHaveLength(20);
    });

    it.each([
      [
        'a target with both a selector and names',
        { targets: [{ namespace: 'a', podSelector: 'a=b', pods: ['c'] }] },
        'exactly one of podSelector and pods must be set',
      ],
      [
        'a target with neither a selector nor names',
        { targets: [{ namespace: 'a' }] },
        'exactly one of podSelector and pods must be set',
      ],
      [
        'an empty selector',
        { targets: [{ namespace: 'a', podSelector: '' }] },
        'spec.targets[0].podSelector',
      ],
      [
        'a selector of spaces',
        { targets: [{ namespace: 'a', podSelector: '  ' }] },
        'spec.targets[0].podSelector',
      ],
      [
        'an empty list of names',
        { targets: [{ namespace: 'a', pods: [] }] },
        'spec.targets[0].pods',
      ],
      [
        'more than 200 names',
        {
          targets: [
            {
              namespace: 'a',
              pods: Array.from({ length: 201 }, (_, index) => `pod-${index}`),
            },
          ],
        },
        'must have at most 200 items',
      ],
      [
        'a name that no pod can have',
        { targets: [{ namespace: 'a', pods: ['Not A Pod'] }] },
        'spec.targets[0].pods[0]',
      ],
      [
        'a namespace that cannot exist',
        { targets: [{ namespace: '../kube-system', podSelector: 'a=b' }] },
        'spec.targets[0].namespace',
      ],
      ['no target', { targets: [] }, 'spec.targets'],
      [
        'more than 20 targets',
        {
          targets: Array.from({ length: 21 }, () => ({
            namespace: 'a',
            podSelector: 'a=b',
          })),
        },
        'must have at most 20 items',
      ],
      ['no reason', { reason: undefined }, 'spec.reason: Required value'],
      ['an empty reason', { reason: '' }, 'spec.reason'],
      [
        'a reason of over 4,000 characters',
        { reason: 'x'.repeat(4001) },
        'spec.reason',
      ],
      ['a duration without a unit', { duration: '3600' }, 'spec.duration'],
      ['a duration of nothing', { duration: '0s' }, 'spec.duration'],
      ['a duration in hours', { duration: '1h' }, 'spec.duration'],
      [
        'a duration of over 30 days',
        { duration: '2592001s' },
        'duration must be at most 30 days (2592000s)',
      ],
      [
        'a requester who is no user',
        { requester: 'group:default/payments' },
        'spec.requester',
      ],
      [
        'a requester without a namespace',
        { requester: 'user:ada' },
        'spec.requester',
      ],
      [
        'an endless requester',
        { requester: `user:default/${'a'.repeat(600)}` },
        'spec.requester',
      ],
      [
        'an entity that is no entity ref',
        { entityRef: 'payments-api' },
        'spec.entityRef',
      ],
      ['another digest', { digest: 'md5:abc' }, 'spec.digest'],
      [
        'a digest in capitals',
        { digest: `sha256:${'A'.repeat(64)}` },
        'spec.digest',
      ],
      [
        'a level that does not exist',
        { accessLevel: 'admin' },
        'supported values: "exec"',
      ],
      [
        'a policy without approvals',
        { policy: { name: 'default', approvals: 0 } },
        'spec.policy.approvals',
      ],
    ])('refuses %s', async (_, changes, words) => {
      const refusal = await refusalOf(requests.make(aSpec(changes)));

      expect(refusal).toContain(words);
    });

    it('never changes', async () => {
      const name = await requests.make();

      for (const change of [
        { reason: 'Something else' },
        { duration: '7200s' },
        { targets: [{ namespace: 'payments', podSelector: 'app=other' }] },
        { entityRef: null },
      ]) {
        expect(await refusalOf(requests.mergeSpec(name, change))).toContain(
          'spec never changes: cancel this request and make a new one instead',
        );
      }
    });

    it('has no status before the back end writes one', async () => {
      const name = await requests.make();

      expect((await requests.read(name)).status).toBeUndefined();
    });
  });

  describe('the phase', () => {
    it.each(PHASES)(
      'goes from %s where the life of a request goes and nowhere else',
      async phase => {
        const allowed = NEXT[phase] ?? [];
        const refused = PHASES.filter(
          next => next !== phase && !allowed.includes(next),
        );

        const name = await requests.make(aSpec(), { phase });
        for (const next of refused) {
          expect(
            await refusalOf(requests.mergeStatus(name, { phase: next })),
          ).toContain(`a request that is ${phase} cannot become ${next}`);
        }
        for (const next of allowed) {
          const another = await requests.make(aSpec(), { phase });
          await requests.mergeStatus(another, { phase: next });
        }
      },
    );

    it('may stay as it is while the rest of the status changes', async () => {
      const name = await requests.make(aSpec(), { phase: 'Revoked' });

      await requests.mergeStatus(name, { phase: 'Revoked', message: 'Gone.' });

      expect((await requests.read(name)).status).toEqual({
        phase: 'Revoked',
        message: 'Gone.',
      });
    });

    it.each([
      [
        'the phase by a merge patch',
        (name: string) => requests.mergeStatus(name, { phase: null }),
      ],
      [
        'the status by a merge patch',
        (name: string) => requests.mergeStatus(name, null),
      ],
      [
        'the phase by a JSON patch',
        (name: string) =>
          requests.patchStatus(name, [{ op: 'remove', path: '/status/phase' }]),
      ],
      [
        'the status by a JSON patch',
        (name: string) =>
          requests.patchStatus(name, [{ op: 'remove', path: '/status' }]),
      ],
      [
        'the phase by PUT',
        (name: string) => requests.putStatus(name, { message: 'Hello' }),
      ],
      ['the status by PUT', (name: string) => requests.putStatus(name)],
    ])('cannot be lost by removing %s', async (_, remove) => {
      const name = await requests.make(aSpec(), { phase: 'Revoked' });

      expect(await refusalOf(remove(name))).toContain(
        'status.phase cannot be removed once it is set',
      );
      expect((await requests.read(name)).status?.phase).toBe('Revoked');
    });

    it('is one of the known ones', async () => {
      const name = await requests.make();

      const refusal = await refusalOf(
        requests.mergeStatus(name, { phase: 'Paused' }),
      );

      expect(refusal).toContain('Unsupported value: "Paused"');
    });
  });

  describe('an instant', () => {
    it.each(['startsAt', 'grantedAt', 'endedAt'])(
      'called %s is set once',
      async field => {
        const words = `status.${field} is set once and stays`;
        const name = await requests.make(aSpec(), { [field]: AT });

        expect(
          await refusalOf(requests.mergeStatus(name, { [field]: LATER })),
        ).toContain(words);
        expect(
          await refusalOf(requests.mergeStatus(name, { [field]: null })),
        ).toContain(words);
        expect(await refusalOf(requests.mergeStatus(name, null))).toContain(
          words,
        );
      },
    );

    it('called expiresAt may move', async () => {
      const name = await requests.make(aSpec(), { expiresAt: AT });

      await requests.mergeStatus(name, { expiresAt: LATER });

      expect((await requests.read(name)).status?.expiresAt).toBe(LATER);
    });

    it('is an instant', async () => {
      const name = await requests.make();

      const refusal = await refusalOf(
        requests.mergeStatus(name, { expiresAt: 'tomorrow' }),
      );

      expect(refusal).toContain('status.expiresAt');
    });
  });

  describe('for people with kubectl', () => {
    it('shows who is in and until when, and the reason to those who ask for more', async () => {
      const name = await requests.make(aSpec(), {
        phase: 'Active',
        expiresAt: LATER,
      });

      const [head, row] = (await requests.table(name)).split('\n');
      const wide = await requests.table(name, '--output=wide');

      expect(head.split(/\s+/)).toEqual([
        'NAME',
        'REQUESTER',
        'ENTITY',
        'LEVEL',
        'PHASE',
        'EXPIRES',
        'AGE',
      ]);
      expect(row.split(/\s+/).slice(1, 6)).toEqual([
        'user:default/ada',
        'component:default/payments-api',
        'exec',
        'Active',
        LATER,
      ]);
      expect(wide).toContain('A payment is stuck');
    });

    it('finds requests by requester, entity and phase', async () => {
      const requester = 'user:default/chart-test';
      const entityRef = 'component:default/chart-test';
      const name = await requests.make(aSpec({ requester, entityRef }), {
        phase: 'Active',
      });
      const other = await requests.make(aSpec(), { phase: 'Denied' });

      expect(
        await requests.select(
          `spec.requester=${requester},spec.entityRef=${entityRef}`,
        ),
      ).toEqual([name]);
      const denied = await requests.select('status.phase=Denied');
      expect(denied).toContain(other);
      expect(denied).not.toContain(name);
    });
  });
});
