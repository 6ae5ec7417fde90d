import { SystemClock } from './SystemClock';

const MONTH_MS = 30 * 24 * 3600_000;

describe('SystemClock', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('tells the time of the machine', () => {
    jest.setSystemTime(new Date('2026-01-15T12:00:00.000Z'));

    expect(new SystemClock().now()).toBe(
      Date.parse('2026-01-15T12:00:00.000Z'),
    );
  });

  it('goes on steadily when the clock of the machine is set back', () => {
    const clock = new SystemClock();
    const before = clock.monotonic();

    jest.advanceTimersByTime(1_000);
    jest.setSystemTime(0);

    expect(clock.monotonic() - before).toBe(1_000);
  });

  it('runs a task once when it is due', () => {
    const task = jest.fn();
    new SystemClock().schedule(500, task);

    jest.advanceTimersByTime(499);
    expect(task).not.toHaveBeenCalled();

    jest.advanceTimersByTime(10_000);
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('waits for what is further away than a timer can hold', () => {
    const task = jest.fn();
    new SystemClock().schedule(2 * MONTH_MS, task);

    jest.advanceTimersByTime(2 * MONTH_MS - 1);
    expect(task).not.toHaveBeenCalled();

    jest.advanceTimersByTime(1);
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('forgets what is cancelled, also after the first part of a long delay', () => {
    const task = jest.fn();
    const clock = new SystemClock();
    const cancelSoon = clock.schedule(500, task);
    const cancelLater = clock.schedule(2 * MONTH_MS, task);

    cancelSoon();
    jest.advanceTimersByTime(MONTH_MS);
    cancelLater();
    jest.advanceTimersByTime(2 * MONTH_MS);

    expect(task).not.toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('runs what is overdue at once', () => {
    const task = jest.fn();
    new SystemClock().schedule(-1_000, task);

    jest.advanceTimersByTime(1);

    expect(task).toHaveBeenCalledTimes(1);
  });

  it('does not keep the process alive', () => {
    jest.useRealTimers();
    const timers = jest.spyOn(global, 'setTimeout');

    const cancel = new SystemClock().schedule(60_000, () => {});

    const timer = timers.mock.results[0].value as NodeJS.Timeout;
    expect(timer.hasRef()).toBe(false);
    cancel();
    timers.mockRestore();
  });
});
