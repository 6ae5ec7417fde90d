import type { Pod } from '../kubernetes/types';
import { choosePods, MAX_PODS_PER_GRANT } from './choosePods';
import { tooManyPods } from './status';

function pods(count: number, prefix: string, phase: string = 'Running'): Pod[] {
  return Array.from({ length: count }, (_, index) => ({
    metadata: { name: `${prefix}-${String(index).padStart(4, '0')}` },
    status: { phase },
  }));
}

describe('choosePods', () => {
  it('takes every pod that matches, by namespace', () => {
    const choice = choosePods(
      new Map([
        ['payments', pods(2, 'api')],
        ['billing', []],
      ]),
    );
    expect([...choice.names]).toEqual([
      ['payments', ['api-0000', 'api-0001']],
      ['billing', []],
    ]);
    expect(choice).toMatchObject({ chosen: 2, matching: 2 });
  });

  it('reaches at most 200 pods over all namespaces and says how many are left out', () => {
    const choice = choosePods(
      new Map([
        ['payments', pods(150, 'api')],
        ['billing', pods(64, 'bill')],
      ]),
    );
    expect(choice.chosen).toBe(MAX_PODS_PER_GRANT);
    expect([...choice.names.values()].flat()).toHaveLength(MAX_PODS_PER_GRANT);
    expect(tooManyPods(choice)).toBe(
      '214 pods match; a grant reaches at most 200, so 14 of them are left out.',
    );
  });

  it('leaves finished pods out before running ones', () => {
    const { names } = choosePods(
      new Map([
        [
          'payments',
          [...pods(199, 'a-done', 'Succeeded'), ...pods(2, 'z-api')],
        ],
      ]),
    );
    expect(names.get('payments')).toEqual(
      expect.arrayContaining(['z-api-0000', 'z-api-0001']),
    );
  });

  it('counts a pod that two targets match once', () => {
    const twice = [...pods(1, 'api'), ...pods(1, 'api')];
    expect(choosePods(new Map([['payments', twice]]))).toMatchObject({
      chosen: 1,
      matching: 1,
    });
  });
});
