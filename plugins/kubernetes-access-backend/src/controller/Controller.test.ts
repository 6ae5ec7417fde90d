import { mockServices } from '@backstage/backend-test-utils';
import { ManualClock } from '../testUtils/ManualClock';
import type { Outcome, Reconcile } from './Controller';
import { Controller } from './Controller';
import { TerminalError } from './TerminalError';

describe('Controller', () => {
  let clock: ManualClock;
  let logger: ReturnType<typeof mockServices.logger.mock>;
  let outcomes: Outcome[];
  let controller: Controller;

  beforeEach(() => {
    clock = new ManualClock();
    logger = mockServices.logger.mock();
    outcomes = [];
  });

  afterEach(async () => {
    await controller.stop();
  });

  function run(reconcile: Reconcile, concurrency = 2): Controller {
    controller = new Controller({
      name: 'tests',
      reconcile,
      concurrency,
      clock,
      logger,
      onOutcome: outcome => outcomes.push(outcome),
      random: () => 0,
    });
    controller.start();
    return controller;
  }

  /** A reconcile that ends when the test says so. */
  function held() {
    const running: Array<{ key: string; finish: () => void }> = [];
    const reconcile = (key: string) =>
      new Promise<{}>(resolve => {
        running.push({
          key,
          finish: () => {
            running.splice(
              running.findIndex(each => each.key === key),
              1,
            );
            resolve({});
          },
        });
      });
    return { running, reconcile };
  }

  it('works on every key that is added', async () => {
    const reconcile = jest.fn(async () => ({}));
    run(reconcile);

    controller.add('a');
    controller.add('b');
    await clock.advance(0);

    expect(reconcile.mock.calls).toEqual([['a'], ['b']]);
    expect(outcomes).toEqual(['success', 'success']);
  });

  it('works after its start on what was added before', async () => {
    const reconcile = jest.fn(async () => ({}));
    controller = new Controller({
      name: 'tests',
      reconcile,
      concurrency: 1,
      clock,
      logger,
    });
    controller.add('a');
    await clock.advance(0);
    expect(reconcile).not.toHaveBeenCalled();

    controller.start();
    await clock.advance(0);

    expect(reconcile).toHaveBeenCalledWith('a');
  });

  it('works on no more keys at once than it may', async () => {
    const { running, reconcile } = held();
    run(reconcile, 2);

    ['a', 'b', 'c'].forEach(key => controller.add(key));
    await clock.advance(0);
    expect(running.map(({ key }) => key)).toEqual(['a', 'b']);

    running[0].finish();
    await clock.advance(0);
    expect(running.map(({ key }) => key)).toEqual(['b', 'c']);
    running.slice().forEach(({ finish }) => finish());
  });

  it('never works on a key twice at once, and comes back to one that was added meanwhile', async () => {
    const { running, reconcile } = held();
    run(reconcile, 2);

    controller.add('a');
    await clock.advance(0);
    controller.add('a');
    await clock.advance(0);
    expect(running).toHaveLength(1);

    running[0].finish();
    await clock.advance(0);
    expect(running).toHaveLength(1);
    running[0].finish();
    await clock.advance(0);
    expect(running).toHaveLength(0);
  });

  it('looks again when the reconcile asked for it', async () => {
    const reconcile = jest
      .fn()
      .mockResolvedValueOnce({ requeueAfterMs: 5_000 })
      .mockResolvedValue({});
    run(reconcile);

    controller.add('a');
    await clock.advance(4_999);
    expect(reconcile).toHaveBeenCalledTimes(1);

    await clock.advance(1);
    expect(reconcile).toHaveBeenCalledTimes(2);
    expect(outcomes).toEqual(['requeue', 'success']);
  });

  it('looks at a key at the time that was asked for, however long its retries wait by then', async () => {
    const calledAt: number[] = [];
    const deadline = 130_000;
    run(async key => {
      calledAt.push(clock.monotonic());
      if (clock.monotonic() < deadline) {
        controller.addAfter(key, deadline - clock.monotonic());
      }
      throw new Error('the API server is down');
    });

    controller.add('a');
    await clock.advance(deadline);

    expect(calledAt[calledAt.length - 1]).toBe(deadline);
    expect(calledAt.length).toBeGreaterThan(5);
  });

  it('tries again after a failure, later each time, and tells of each once', async () => {
    const failure = new Error('the API server is down');
    const reconcile = jest
      .fn()
      .mockRejectedValueOnce(failure)
      .mockRejectedValueOnce(failure)
      .mockResolvedValue({});
    run(reconcile);

    controller.add('a');
    await clock.advance(50);
    expect(reconcile).toHaveBeenCalledTimes(2);
    await clock.advance(99);
    expect(reconcile).toHaveBeenCalledTimes(2);
    await clock.advance(1);

    expect(reconcile).toHaveBeenCalledTimes(3);
    expect(outcomes).toEqual(['error', 'error', 'success']);
    expect(logger.warn.mock.calls).toEqual([
      ["Controller of tests: 'a' failed, trying again", failure],
      ["Controller of tests: 'a' failed, trying again", failure],
    ]);
  });

  it('forgets failures after a success', async () => {
    let failures = 3;
    const reconcile = jest.fn(async () => {
      if (failures-- > 0) {
        throw new Error('not yet');
      }
      return {};
    });
    run(reconcile);
    controller.add('a');
    await clock.advance(1_000);
    expect(reconcile).toHaveBeenCalledTimes(4);

    failures = 1;
    controller.add('a');
    await clock.advance(50);

    expect(reconcile).toHaveBeenCalledTimes(6);
  });

  it('leaves a key alone after an error that no other try can fix, until it is added again', async () => {
    const reconcile = jest
      .fn()
      .mockRejectedValueOnce(new TerminalError('the selector is malformed'))
      .mockResolvedValue({});
    run(reconcile);

    controller.add('a');
    await clock.advance(3600_000);
    expect(reconcile).toHaveBeenCalledTimes(1);
    expect(outcomes).toEqual(['terminal-error']);

    controller.add('a');
    await clock.advance(0);
    expect(reconcile).toHaveBeenCalledTimes(2);
  });

  it('goes on with other keys while one fails', async () => {
    const reconcile = jest.fn(async (key: string) => {
      if (key === 'bad') {
        throw new Error('bad');
      }
      return {};
    });
    run(reconcile, 1);

    controller.add('bad');
    controller.add('good');
    await clock.advance(0);

    expect(reconcile).toHaveBeenCalledWith('good');
    expect(outcomes).toEqual(['error', 'success']);
  });

  it('waits for what is under way when it is stopped, and begins nothing more', async () => {
    const { running, reconcile } = held();
    run(reconcile, 1);
    controller.add('a');
    controller.add('b');
    await clock.advance(0);

    let isStopped = false;
    const stopping = controller.stop().then(() => {
      isStopped = true;
    });
    await clock.advance(0);
    expect(isStopped).toBe(false);

    running[0].finish();
    await stopping;
    controller.add('c');
    await clock.advance(60_000);
    expect(running).toHaveLength(0);
    expect(clock.pending).toBe(0);
  });
});
