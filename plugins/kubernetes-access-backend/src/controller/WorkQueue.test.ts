import fc from 'fast-check';
import { ManualClock } from '../testUtils/ManualClock';
import { WorkQueue } from './WorkQueue';

describe('WorkQueue', () => {
  let clock: ManualClock;
  let queue: WorkQueue;

  beforeEach(() => {
    clock = new ManualClock();
    queue = new WorkQueue({ clock, random: () => 0, onReady: () => {} });
  });

  function takeAll(): string[] {
    const taken: string[] = [];
    for (let key = queue.take(); key !== undefined; key = queue.take()) {
      taken.push(key);
    }
    return taken;
  }

  it('hands keys out in the order in which they were added', () => {
    queue.add('a');
    queue.add('b');

    expect(takeAll()).toEqual(['a', 'b']);
  });

  it('holds a key once however often it is added', () => {
    queue.add('a');
    queue.add('a');

    expect(queue.length).toBe(1);
    expect(takeAll()).toEqual(['a']);
  });

  it('hands a key out again when it was added while it was worked on, but not before that is done', () => {
    queue.add('a');
    queue.take();

    queue.add('a');
    queue.add('a');
    expect(queue.take()).toBeUndefined();

    queue.done('a');
    expect(takeAll()).toEqual(['a']);
  });

  it('hands nothing out again that was not added again', () => {
    queue.add('a');
    queue.take();

    queue.done('a');

    expect(queue.take()).toBeUndefined();
  });

  it('tells that there is something to take', async () => {
    const onReady = jest.fn();
    queue = new WorkQueue({ clock, random: () => 0, onReady });

    queue.add('a');
    expect(onReady).toHaveBeenCalledTimes(1);

    queue.take();
    queue.add('a');
    expect(onReady).toHaveBeenCalledTimes(1);
    queue.done('a');
    expect(onReady).toHaveBeenCalledTimes(2);

    queue.addAfter('b', 1_000);
    await clock.advance(1_000);
    expect(onReady).toHaveBeenCalledTimes(3);
  });

  describe('adding later', () => {
    it('adds a key when its time has come', async () => {
      queue.addAfter('a', 1_000);

      await clock.advance(999);
      expect(queue.length).toBe(0);

      await clock.advance(1);
      expect(takeAll()).toEqual(['a']);
    });

    it('lets the earliest of several times count, whichever was said first', async () => {
      queue.addAfter('a', 5_000);
      queue.addAfter('a', 1_000);
      queue.addAfter('a', 9_000);
      queue.addAfter('b', 1_000);
      queue.addAfter('b', 5_000);

      await clock.advance(1_000);
      expect(takeAll()).toEqual(['a', 'b']);

      queue.done('a');
      queue.done('b');
      await clock.advance(10_000);
      expect(queue.length).toBe(0);
    });

    it('counts from the last word on when a key was taken in between', async () => {
      queue.addAfter('a', 1_000);
      queue.add('a');
      queue.take();
      queue.done('a');

      await clock.advance(1_000);
      expect(queue.length).toBe(0);

      queue.addAfter('a', 500);
      await clock.advance(500);
      expect(queue.length).toBe(1);
    });

    it('keeps what was asked for while the key was worked on', async () => {
      queue.add('a');
      queue.take();
      queue.addAfter('a', 1_000);
      queue.done('a');

      await clock.advance(1_000);

      expect(takeAll()).toEqual(['a']);
    });

    it('waits for the work on a key to be done when its time comes meanwhile', async () => {
      queue.add('a');
      queue.take();
      queue.addAfter('a', 1_000);

      await clock.advance(2_000);
      expect(queue.take()).toBeUndefined();

      queue.done('a');
      expect(takeAll()).toEqual(['a']);
    });
  });

  describe('retrying', () => {
    async function retryAndWait(key: string): Promise<number> {
      queue.retry(key);
      let waited = 0;
      while (queue.length === 0) {
        await clock.advance(50);
        waited += 50;
      }
      queue.take();
      queue.done(key);
      return waited;
    }

    it('waits longer each time, for each key by itself', async () => {
      expect(await retryAndWait('a')).toBe(50);
      expect(await retryAndWait('a')).toBe(100);
      expect(await retryAndWait('a')).toBe(200);
      expect(await retryAndWait('b')).toBe(50);
    });

    it('begins anew with a key whose failures are forgotten', async () => {
      await retryAndWait('a');
      await retryAndWait('a');

      queue.forget('a');

      expect(await retryAndWait('a')).toBe(50);
    });
  });

  it('forgets everything that waits when it is stopped', async () => {
    queue.add('a');
    queue.take();
    queue.add('a');
    queue.add('b');
    queue.addAfter('c', 1_000);

    queue.stop();
    queue.done('a');
    queue.add('d');
    queue.addAfter('e', 1_000);
    queue.retry('f');
    await clock.advance(60_000);

    expect(queue.take()).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it('never hands a key out twice at once and loses no add, whatever happens in which order', async () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const delay = fc.integer({ min: 0, max: 300 });
    const step = fc.oneof(
      fc.record({ do: fc.constant('add' as const), key }),
      fc.record({ do: fc.constant('addAfter' as const), key, delay }),
      fc.record({ do: fc.constant('retry' as const), key }),
      fc.record({ do: fc.constant('take' as const) }),
      fc.record({ do: fc.constant('done' as const), key }),
      fc.record({ do: fc.constant('wait' as const), delay }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
        clock = new ManualClock();
        queue = new WorkQueue({ clock, random: () => 0.5, onReady: () => {} });
        const working = new Set<string>();
        const owed = new Set<string>();
        const takenTwice: string[] = [];
        const take = () => {
          const taken = queue.take();
          if (taken !== undefined) {
            if (working.has(taken)) {
              takenTwice.push(taken);
            }
            working.add(taken);
            owed.delete(taken);
          }
          return taken;
        };
        const done = (finished: string) => {
          if (working.delete(finished)) {
            queue.done(finished);
          }
        };

        for (const each of steps) {
          if (each.do === 'take') {
            take();
          } else if (each.do === 'done') {
            done(each.key);
          } else if (each.do === 'wait') {
            await clock.advance(each.delay);
          } else {
            owed.add(each.key);
            if (each.do === 'addAfter') {
              queue.addAfter(each.key, each.delay);
            } else {
              queue[each.do](each.key);
            }
          }
        }

        // Everything that is still owed comes once time has passed and the work under way is done.
        await clock.advance(120_000);
        [...working].forEach(done);
        for (let taken = take(); taken !== undefined; taken = take()) {
          done(taken);
        }
        expect(takenTwice).toEqual([]);
        expect([...owed]).toEqual([]);
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 150 },
    );
  });
});
