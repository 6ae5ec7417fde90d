import { describeEnd, mayOpenAgain } from './describeEnd';

describe('describeEnd', () => {
  it('uses the words of the back end where there are some', () => {
    expect(
      describeEnd({
        kind: 'ended',
        why: 'revoked',
        message: 'Olga ended your access.',
      }),
    ).toEqual({ message: 'Olga ended your access.' });
  });

  it('has words of its own where there are none', () => {
    expect(describeEnd({ kind: 'ended', why: 'lost' })).toEqual({
      key: 'endLost',
    });
  });

  it('tells the code of a shell that failed', () => {
    expect(describeEnd({ kind: 'ended', why: 'normal', exitCode: 3 })).toEqual({
      key: 'endExitCode',
      code: 3,
    });
  });
});

describe('mayOpenAgain', () => {
  it('offers another try only where it can help', () => {
    expect(mayOpenAgain({ kind: 'ended', why: 'lost' })).toBe(true);
    expect(mayOpenAgain({ kind: 'ended', why: 'expired' })).toBe(false);
  });
});
