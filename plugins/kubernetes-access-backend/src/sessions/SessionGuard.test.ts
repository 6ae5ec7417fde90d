import { ManualClock } from '../testUtils/ManualClock';
import type { SessionEnd } from './endingMessages';
import { RECHECK_MS, RECHECK_RETRY_MS, SessionGuard } from './SessionGuard';

const HOUR = 3_600_000;
const REVOKED: SessionEnd = { reason: 'revoked', message: 'Revoked.' };

function setUp(
  options: { remainingMs?: number; idleMs?: number } = {},
  recheck: () => Promise<SessionEnd | undefined> = async () => undefined,
) {
  const clock = new ManualClock();
  const ends: SessionEnd[] = [];
  const activity = { at: 0 };
  const guard = new SessionGuard({
    clock,
    deadline: clock.monotonic() + (options.remainingMs ?? HOUR),
    idleMs: options.idleMs ?? HOUR,
    lastActivity: () => activity.at,
    recheck,
    onEnd: end => ends.push(end),
  });
  return { clock, ends, activity, guard };
}

describe('SessionGuard', () => {
  it('ends a session exactly when its time is up', async () => {
    const { clock, ends } = setUp({ remainingMs: 10_000 });
    await clock.advance(9_999);
    expect(ends).toEqual([]);
    await clock.advance(1);
    expect(ends).toMatchObject([{ reason: 'expired' }]);
  });

  it('does not care for a wall clock that is set back', async () => {
    const { clock, ends } = setUp({ remainingMs: 10_000 });
    clock.step(-HOUR);
    await clock.advance(10_000);
    expect(ends).toMatchObject([{ reason: 'expired' }]);
  });

  it('ends a session that came too late', async () => {
    const { clock, ends } = setUp({ remainingMs: -5 });
    await clock.advance(0);
    expect(ends).toMatchObject([{ reason: 'expired' }]);
  });

  it('ends an idle session, counting from the last sign of life', async () => {
    const { clock, ends, activity } = setUp({ idleMs: 1_000 });
    await clock.advance(900);
    activity.at = clock.monotonic();
    await clock.advance(999);
    expect(ends).toEqual([]);
    await clock.advance(1);
    expect(ends).toMatchObject([{ reason: 'idle' }]);
  });

  it('ends a session within a minute when its authority is gone', async () => {
    const answers: SessionEnd[] = [];
    const { clock, ends } = setUp({}, async () => answers[0]);
    await clock.advance(RECHECK_MS);
    expect(ends).toEqual([]);
    answers.push(REVOKED);
    await clock.advance(RECHECK_MS);
    expect(ends).toEqual([REVOKED]);
  });

  it('lets a session go on over one check that failed', async () => {
    let fail = true;
    const { clock, ends } = setUp({}, async () => {
      if (fail) {
        fail = false;
        throw new Error('the database is away');
      }
      return undefined;
    });
    await clock.advance(RECHECK_MS + RECHECK_RETRY_MS + RECHECK_MS);
    expect(ends).toEqual([]);
  });

  it('ends a session when nobody can tell whether it may go on', async () => {
    const { clock, ends } = setUp({}, async () => {
      throw new Error('the database is away');
    });
    await clock.advance(RECHECK_MS + RECHECK_RETRY_MS);
    expect(ends).toMatchObject([{ reason: 'goingAway' }]);
  });

  it('ends a session once and leaves no timer behind', async () => {
    const { clock, ends } = setUp({ remainingMs: 1_000, idleMs: 1_000 });
    await clock.advance(10 * RECHECK_MS);
    expect(ends).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('does nothing more when it is disposed of, also in the middle of a check', async () => {
    let answer = (_end: SessionEnd) => {};
    const { clock, ends, guard } = setUp(
      {},
      () => new Promise(resolve => (answer = resolve)),
    );
    await clock.advance(RECHECK_MS);
    guard.dispose();
    answer(REVOKED);
    await clock.advance(HOUR);
    expect(ends).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
