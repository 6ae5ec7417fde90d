import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { mockCredentials } from '@backstage/backend-test-utils';
import type { StoredRequest } from '../../../database/types';
import { CALLS } from './calls';
import type { ActionName, Outcome, Phase, Role } from './decisionTable';
import { ACTIONS, outcomeOf, PHASES, ROLES } from './decisionTable';
import { renderDecisionTable } from './renderDecisionTable';
import { PERSON_OF, RequestScene } from './RequestScene';

const roles = Object.keys(ROLES) as Role[];
const actions = Object.keys(ACTIONS) as ActionName[];

describe('the decision table', () => {
  let scene: RequestScene;

  beforeAll(async () => {
    scene = await RequestScene.start();
  });

  afterAll(async () => {
    await scene.stop();
  });

  const cells = actions.flatMap(action =>
    roles.map(
      role => [ROLES[role], ACTIONS[action].title, role, action] as const,
    ),
  );

  it.each(cells)(
    'holds for the %s and "%s", in every phase',
    async (_role, _action, role, action) => {
      const answers: Partial<Record<Phase, Outcome>> = {};
      const unrecorded: Phase[] = [];
      for (const phase of PHASES) {
        const { outcome, isOnRecord } = await cell(action, role, phase);
        answers[phase] = outcome;
        if (outcome.status >= 400 && !isOnRecord) {
          unrecorded.push(phase);
        }
      }
      expect(answers).toEqual(
        Object.fromEntries(
          PHASES.map(phase => [phase, outcomeOf(action, role, phase)]),
        ),
      );
      expect(unrecorded).toEqual([]);
    },
  );

  async function cell(action: ActionName, role: Role, phase: Phase) {
    const { api } = scene;
    const decider = PERSON_OF[role === 'decidedAndLeft' ? role : 'decided'];
    const request = await scene.request(phase, decider);
    const before = await refusals(request, role);
    const [method, path, body] = CALLS[action](request);
    const response = await api.call(method, path, {
      headers: { Authorization: mockCredentials.user.header(PERSON_OF[role]) },
      body,
    });
    const isOnRecord = (await refusals(request, role)) > before;
    await scene.clear();
    await api.clock.advance(61_000); // so that nothing is counted together
    const says = response.body.error?.message;
    const outcome: Outcome = {
      status: response.status,
      ...(says ? { says: plain(says, request.id) } : {}),
    };
    return { outcome, isOnRecord };
  }

  async function refusals({ id }: StoredRequest, role: Role): Promise<number> {
    const { audit } = scene.api.stores;
    const events = [...(await audit.read(id)), ...(await audit.read('system'))];
    return events.filter(
      ({ outcome, actor }) =>
        outcome === 'refused' && actor === PERSON_OF[role],
    ).length;
  }
});

describe('what the decision table says', () => {
  const every = actions
    .filter(action => action !== 'ask')
    .flatMap(action =>
      roles.flatMap(role =>
        PHASES.map(phase => ({
          action,
          role,
          phase,
          ...outcomeOf(action, role, phase),
        })),
      ),
    );
  const allowed = every.filter(({ status }) => status < 300);

  it('lets only owners from then and now decide, once, while it waits', () => {
    expect(
      allowed
        .filter(({ action }) => action === 'approve' || action === 'deny')
        .map(({ action, role, phase }) => [action, role, phase]),
    ).toEqual([
      ['approve', 'undecided', 'Pending'],
      ['deny', 'undecided', 'Pending'],
    ]);
  });

  it('lets nobody but the requester use it, while it stands', () => {
    expect(
      allowed
        .filter(({ action }) => action === 'openSession')
        .map(({ role, phase }) => [role, phase]),
    ).toEqual([['requester', 'Active']]);
  });

  it('lets nobody change what has ended, by whatever', () => {
    const ended = PHASES.filter(
      phase => !['Pending', 'Approved', 'Active'].includes(phase),
    );
    expect(
      allowed.filter(
        ({ action, phase }) =>
          !['read', 'playRecording'].includes(action) && ended.includes(phase),
      ),
    ).toEqual([]);
  });

  it('makes no difference between the clock and a clean-up', () => {
    const different = every.filter(
      ({ action, role, phase, status }) =>
        phase.endsWith('past its time') &&
        status !== outcomeOf(action, role, 'Expired').status,
    );
    expect(different).toEqual([]);
  });

  it('tells strangers the same of everything', () => {
    const strangers: Role[] = ['left', 'other', 'stranger', 'guest'];
    expect(
      new Set(
        every
          .filter(({ role }) => strangers.includes(role))
          .map(({ status, says }) => `${status} ${says}`),
      ),
    ).toEqual(new Set(["404 There is no request '<id>'"]));
  });

  it('is what docs/decision-table.md says: run `yarn write-decision-table` in this package after a change', () => {
    const file = resolve(__dirname, '../../../../../../docs/decision-table.md');
    expect(readFileSync(file, 'utf8')).toBe(renderDecisionTable());
  });
});

function plain(message: string, id: string): string {
  return message
    .replaceAll(id, '<id>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
}
