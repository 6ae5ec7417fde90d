import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  identityOf,
  isAlive,
  signal,
  startTimeFromStat,
  waitForEnd,
} from './ProcessIdentity';

const STAT =
  '4242 (a (strange) name) S 1 4242 4242 0 -1 4194560 200 0 0 0 1 2 0 0 20 0 1 0 987654 1000 100';

describe('startTimeFromStat', () => {
  it('is not confused by spaces and parentheses in the name of the program', () => {
    expect(startTimeFromStat(STAT)).toBe('987654');
  });

  it('takes a zombie for ended', () => {
    expect(startTimeFromStat(STAT.replace(') S', ') Z'))).toBeUndefined();
  });
});

describe('a process', () => {
  it('is alive until it ends', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    const identity = identityOf(child.pid!)!;
    expect(isAlive(identity)).toBe(true);
    expect(await waitForEnd(identity, 10)).toBe(false);

    expect(signal(identity, 'SIGKILL')).toBe(true);

    expect(await waitForEnd(identity, 5_000)).toBe(true);
    expect(isAlive(identity)).toBe(false);
  });

  it('is not mistaken for a later one with the same id', () => {
    const earlier = { pid: process.pid, startTime: '1' };

    expect(isAlive(earlier)).toBe(false);
    // Had this one been sent, the test would not go on.
    expect(signal(earlier, 'SIGKILL')).toBe(false);
  });
});
