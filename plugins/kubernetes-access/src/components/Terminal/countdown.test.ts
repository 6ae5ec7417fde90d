import { formatCountdown, urgencyOf } from './countdown';

describe('formatCountdown', () => {
  it.each([
    [59.9, '0:59'],
    [60, '1:00'],
    [3599, '59:59'],
    [3600, '1:00:00'],
    [28_799, '7:59:59'],
    [-3, '0:00'],
  ])('shows %d seconds as %s', (seconds, text) => {
    expect(formatCountdown(seconds)).toBe(text);
  });
});

describe('urgencyOf', () => {
  it('is calm until ten minutes, then amber, and red under two', () => {
    expect([600, 599, 120, 119, 0].map(urgencyOf)).toEqual([
      'calm',
      'amber',
      'amber',
      'red',
      'red',
    ]);
  });
});
