import { median, percentile } from './statistics';

const ONE_TO_HUNDRED = Array.from({ length: 100 }, (_, index) => 100 - index);

describe('percentile', () => {
  it.each([
    [0.5, 50],
    [0.9, 90],
    [0.99, 99],
    [1, 100],
    [0, 1],
  ])('takes the nearest rank for %s', (share, expected) => {
    expect(percentile(ONE_TO_HUNDRED, share)).toBe(expected);
  });

  it('leaves the samples as they are', () => {
    const samples = [3, 1, 2];
    expect(median(samples)).toBe(2);
    expect(samples).toEqual([3, 1, 2]);
  });

  it('refuses to make a figure of nothing', () => {
    expect(() => percentile([], 0.5)).toThrow('no samples');
  });
});
