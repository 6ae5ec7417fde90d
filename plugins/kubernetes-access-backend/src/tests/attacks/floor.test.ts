import { mockCredentials } from '@backstage/backend-test-utils';
import { accessRequestRules } from '@kubernetes-access/backstage-plugin-kubernetes-access-node';
import type { StoredRequest } from '../../database/types';
import { factsOf } from '../../permissions/factsOf';
import type { PolicyQuestion } from '../../testUtils/policies';
import { policyOf } from '../../testUtils/policies';
import { CALLS } from './decisions/calls';
import type { ActionName, Phase, Role } from './decisions/decisionTable';
import { ACTIONS, outcomeOf, ROLES } from './decisions/decisionTable';
import { PERSON_OF, RequestScene } from './decisions/RequestScene';

const roles = Object.keys(ROLES) as Role[];
const actions = Object.keys(ACTIONS) as ActionName[];

/** Each action in the phase in which most can be done. */
const WHEN: Record<ActionName, Phase> = {
  read: 'Active',
  review: 'Pending',
  ask: 'Denied',
  approve: 'Pending',
  deny: 'Pending',
  cancel: 'Active',
  revoke: 'Active',
  listPods: 'Active',
  openSession: 'Active',
  playRecording: 'Active',
};

/** What the framework is asked for, beside whether the request may be read. Ending one's own access needs nothing. */
const PERMISSION: Partial<Record<ActionName, string>> = {
  ask: 'kubernetes-access.request.create',
  review: 'kubernetes-access.request.approve',
  approve: 'kubernetes-access.request.approve',
  deny: 'kubernetes-access.request.approve',
  revoke: 'kubernetes-access.request.revoke',
  listPods: 'kubernetes-access.session.open',
  openSession: 'kubernetes-access.session.open',
  playRecording: 'kubernetes-access.recording.read',
};
const READ = 'kubernetes-access.request.read';
const ADMIN = 'kubernetes-access.admin';

/** The rules that look at who asks, and not only at what is asked for. */
type RuleOnPeople = 'isRequester' | 'isApprover' | 'isTargetOwner';

/** Whose requests the rules hold for, when a policy claims what the caller owns. */
const HOLDS: Record<RuleOnPeople, Role[]> = {
  isRequester: ['requester'],
  isApprover: ['undecided', 'decided', 'decidedAndLeft', 'joined', 'left'],
  isTargetOwner: ['undecided', 'decided', 'joined'],
};

/** What a policy says about a person to whom a request is something, and about asking. */
interface Framework {
  allows(permission: string, role: Role): boolean;
}

const FRAMEWORKS: Record<string, Framework> = {
  'off, or allowing everything': { allows: () => true },
  'denying everything': { allows: () => false },
  'allowing only to read': { allows: permission => permission === READ },
  'allowing everything but to read': {
    allows: permission => permission !== READ,
  },
  'with the condition IS_REQUESTER': {
    allows: (_, role) => HOLDS.isRequester.includes(role),
  },
  'with the condition not IS_REQUESTER': {
    allows: (_, role) => !HOLDS.isRequester.includes(role),
  },
  'with the condition IS_APPROVER': {
    allows: (_, role) => HOLDS.isApprover.includes(role),
  },
  'with the condition IS_TARGET_OWNER': {
    allows: (_, role) => HOLDS.isTargetOwner.includes(role),
  },
};

const roleOf = ({ user }: PolicyQuestion) =>
  roles.find(role => PERSON_OF[role] === user)!;

describe.each(Object.entries(FRAMEWORKS))(
  'with the permission framework %s',
  (_, { allows }) => {
    let scene: RequestScene;
    const asked: PolicyQuestion[] = [];

    beforeAll(async () => {
      scene = await RequestScene.start(
        policyOf(question => {
          asked.push(question);
          return allows(question.permission, roleOf(question));
        }),
      );
    });

    beforeEach(() => {
      asked.length = 0;
    });

    afterEach(async () => {
      await scene.clear();
    });

    afterAll(async () => {
      await scene.stop();
    });

    const send = (
      role: Role,
      [method, path, body]: ReturnType<(typeof CALLS)['read']>,
    ) =>
      scene.api.call(method, path, {
        headers: {
          Authorization: mockCredentials.user.header(PERSON_OF[role]),
        },
        body,
      });

    const requestFor = (role: Role, phase: Phase): Promise<StoredRequest> =>
      scene.request(
        phase,
        PERSON_OF[role === 'decidedAndLeft' ? role : 'decided'],
      );

    it.each(roles.map(role => [ROLES[role], role] as const))(
      '%s: gets what the floor gives and the framework leaves',
      async (_name, role) => {
        const answers: Partial<Record<ActionName, number>> = {};
        for (const action of actions) {
          const request = await requestFor(role, WHEN[action]);
          const response = await send(role, CALLS[action](request));
          answers[action] = response.status;
          await scene.clear();
        }
        expect(answers).toEqual(
          Object.fromEntries(
            actions.map(action => [action, expectedStatus(action, role)]),
          ),
        );
      },
    );

    it.each(roles.map(role => [ROLES[role], role] as const))(
      '%s: finds in lists and numbers what they can read, and no trace of anything else',
      async (_name, role) => {
        const { id, terms } = await requestFor(role, 'Pending');
        const isThere = expectedStatus('read', role) === 200;
        const found: Record<string, boolean> = {};
        for (const scope of ['all', 'mine', 'to-decide']) {
          for (const filter of [
            '',
            `&entityRef=${encodeURIComponent(terms.entityRef)}`,
            '&open=true',
          ]) {
            const path = `/requests?scope=${scope}${filter}`;
            const { body } = await send(role, ['GET', path]);
            found[scope] = JSON.stringify(body).includes(id);
          }
        }
        const counts = await send(role, ['GET', '/counts']);
        const entity = await send(role, [
          'GET',
          '/entities/component/default/payments-api/access',
        ]);
        const mayDecide =
          isThere && role === 'undecided' && allows(PERMISSION.approve!, role);
        const isMine = isThere && role === 'requester';
        const seesClusters = role === 'admin' && allows(ADMIN, role);
        expect({
          found,
          counts: counts.body,
          toDecide: entity.body.toDecide,
          entity: JSON.stringify(entity.body).includes(id),
        }).toEqual({
          found: { all: isThere, mine: isMine, 'to-decide': mayDecide },
          counts: {
            toDecide: Number(mayDecide),
            mine: Number(isMine),
            ...(seesClusters ? { clusterAlarms: 0 } : {}),
          },
          toDecide: Number(mayDecide),
          entity: isMine,
        });
      },
    );

    it('is not even asked about what the floor hides', async () => {
      const strangers: Role[] = ['left', 'other', 'stranger', 'guest'];
      for (const role of strangers) {
        const request = await requestFor(role, 'Pending');
        await send(role, CALLS.approve(request));
        await send(role, CALLS.read(request));
        await scene.clear();
      }
      expect(asked).toEqual([]);
    });

    /** The table says what the floor gives. */
    function expectedStatus(action: ActionName, role: Role): number {
      const { status } = outcomeOf(action, role, WHEN[action]);
      const permission = PERMISSION[action];
      if (action === 'ask') {
        return role === 'guest' || allows(permission!, role) ? status : 403;
      }
      if (!allows(READ, role)) {
        return 404;
      }
      const isRefusedAnyway = status === 403 || status === 404;
      return isRefusedAnyway || !permission || allows(permission, role)
        ? status
        : 403;
    }
  },
);

describe('the rules that conditions are made of', () => {
  it('hold for whom these tests say', async () => {
    const scene = await RequestScene.start();
    const request = await scene.request('Pending', PERSON_OF.decided);
    const facts = factsOf(request, await scene.api.stores.requests.now());
    const rules = Object.keys(HOLDS) as RuleOnPeople[];
    const holds = rules.map(rule => [
      rule,
      roles.filter(role =>
        accessRequestRules[rule].apply(facts, {
          claims: scene.claimsOf(PERSON_OF[role]),
        }),
      ),
    ]);
    await scene.stop();
    expect(Object.fromEntries(holds)).toEqual(HOLDS);
  });
});
