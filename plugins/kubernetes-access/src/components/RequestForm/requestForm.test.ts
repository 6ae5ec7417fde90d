import { paymentsAccess, paymentsTarget } from '../../testUtils/entityAccess';
import type { RequestFormAction, RequestFormState } from './requestForm';
import {
  durationChoices,
  emptyForm,
  requestFormReducer,
  validate,
} from './requestForm';

const { limits, targets } = paymentsAccess();
const staging = paymentsTarget({
  cluster: { name: 'staging', title: 'Staging' },
});
const unconsented = paymentsTarget({
  namespace: 'ledger',
  problem: { code: 'no-consent', message: 'The namespace names nobody.' },
});

function form(...actions: RequestFormAction[]): RequestFormState {
  return actions.reduce(
    requestFormReducer,
    emptyForm({ targets, limits, key: 'first' }),
  );
}

const reasoned: RequestFormAction = {
  type: 'change-reason',
  reason: '  The queue is stuck  ',
  newKey: 'second',
};

describe('an empty form', () => {
  it('has the only possible target chosen already', () => {
    const state = emptyForm({
      targets: [unconsented, ...targets],
      limits,
      key: 'first',
    });
    expect(state.targetKey).toBe('demo/payments');
  });

  it('leaves the choice between several to the user', () => {
    const several = [...targets, staging];
    const state = emptyForm({ targets: several, limits, key: 'first' });
    expect(state.targetKey).toBeUndefined();
    expect(validate(state, several, limits)).toMatchObject({
      problems: expect.arrayContaining([{ field: 'target', kind: 'missing' }]),
    });
  });

  it('starts with the default duration', () => {
    expect(form().duration).toBe('1 h');
  });
});

describe('a form that is filled in', () => {
  it('is what gets sent, without the spaces around the reason', () => {
    expect(validate(form(reasoned), targets, limits)).toEqual({
      isValid: true,
      filled: {
        target: targets[0],
        durationSeconds: 3600,
        reason: 'The queue is stuck',
      },
    });
  });

  it('does not name a target in which nothing can be asked for', () => {
    const state = form(reasoned, {
      type: 'choose-target',
      targetKey: 'demo/ledger',
      newKey: 'third',
    });
    expect(validate(state, [...targets, unconsented], limits).isValid).toBe(
      false,
    );
  });

  it.each([
    ['soon', 'unreadable'],
    ['9 min', 'too-short'],
    ['9 hours', 'too-long'],
  ])('is told what is wrong with a duration of %p', (duration, kind) => {
    const state = form(reasoned, {
      type: 'change-duration',
      duration,
      newKey: 'third',
    });
    expect(validate(state, targets, limits)).toEqual({
      isValid: false,
      problems: [{ field: 'duration', kind }],
    });
  });

  it.each([
    ['debug', { kind: 'too-short', by: 5 }],
    ['          ', { kind: 'too-short', by: 10 }],
    ['x'.repeat(1003), { kind: 'too-long', by: 3 }],
  ])(
    'is told by how much a reason is too short or too long',
    (reason, problem) => {
      const state = form({ type: 'change-reason', reason, newKey: 'second' });
      expect(validate(state, targets, limits)).toEqual({
        isValid: false,
        problems: [{ field: 'reason', ...problem }],
      });
    },
  );
});

describe('sending', () => {
  it('keeps the key when the same is sent again after a failure', () => {
    const state = form(
      reasoned,
      { type: 'send' },
      { type: 'fail', error: new Error('The network is down') },
      { type: 'send' },
    );
    expect(state).toMatchObject({ idempotencyKey: 'second', error: undefined });
  });

  it('takes a new key for another text', () => {
    const state = form(
      reasoned,
      { type: 'send' },
      { type: 'fail', error: new Error('The network is down') },
      { type: 'change-reason', reason: 'Another reason', newKey: 'third' },
    );
    expect(state).toMatchObject({ idempotencyKey: 'third', error: undefined });
  });

  it('does not let the text change under way', () => {
    const state = form(
      reasoned,
      { type: 'send' },
      { type: 'change-reason', reason: 'Something else', newKey: 'third' },
    );
    expect(state).toMatchObject({
      reason: '  The queue is stuck  ',
      idempotencyKey: 'second',
    });
  });

  it('ignores a failure of something that was not sent', () => {
    expect(form({ type: 'fail', error: new Error('late') })).toEqual(form());
  });
});

describe('the durations to pick from', () => {
  it('are those within the limits', () => {
    expect(
      durationChoices({
        ...limits,
        minDurationSeconds: 1800,
        maxDurationSeconds: 7200,
      }),
    ).toEqual([1800, 3600, 7200]);
  });

  it('are never none', () => {
    expect(
      durationChoices({
        ...limits,
        minDurationSeconds: 5,
        maxDurationSeconds: 20,
        defaultDurationSeconds: 10,
      }),
    ).toEqual([10]);
  });
});
