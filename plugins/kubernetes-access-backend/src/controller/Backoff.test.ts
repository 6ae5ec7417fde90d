import fc from 'fast-check';
import { Backoff } from './Backoff';

describe('Backoff', () => {
  const options = { initialMs: 100, maxMs: 1_000, factor: 2, jitter: 0.5 };

  it('waits longer after each failure, up to a limit', () => {
    const backoff = new Backoff({ ...options, random: () => 0 });

    const delays = Array.from({ length: 6 }, () => backoff.next());

    expect(delays).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    expect(backoff.failures).toBe(6);
  });

  it('begins anew after a success', () => {
    const backoff = new Backoff({ ...options, random: () => 0 });
    backoff.next();
    backoff.next();

    backoff.reset();

    expect(backoff.failures).toBe(0);
    expect(backoff.next()).toBe(100);
  });

  it('adds no more than its share of jitter, however often it fails', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 5_000 }),
        (random, failures) => {
          const backoff = new Backoff({ ...options, random: () => random });
          let last = 0;
          for (let i = 0; i < failures; i++) {
            last = backoff.next();
          }
          expect(last).toBeGreaterThanOrEqual(options.initialMs);
          expect(last).toBeLessThanOrEqual(options.maxMs * 1.5);
        },
      ),
      { numRuns: 50 },
    );
  });
});
