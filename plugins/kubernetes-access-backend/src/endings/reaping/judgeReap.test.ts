import type { Pod } from '../../kubernetes';
import { aClosedSession } from '../../testUtils/reaping';
import { judgeContainer, judgeRun } from './judgeReap';
import { nextTryMs } from './nextTry';

const NONCE = '0123456789abcdef';
const session = aClosedSession();

function judge(output: string, changes: { noShell?: boolean } = {}) {
  return judgeRun(
    {
      kind: 'ended',
      output: Buffer.from(output),
      code: 0,
      noShell: false,
      ...changes,
    },
    NONCE,
    session,
  );
}

const done = (words: string) =>
  judge(`kubernetes-access-reaper ${NONCE} done ${words}\n`);

describe('what an answer from a container is taken for', () => {
  it('is that nothing is left when nothing is reported', () => {
    expect(done('4 0 0 - 2')).toEqual({
      outcome: { state: 'none-left', found: 4, left: 0 },
      next: 'settle',
    });
  });

  it('is that processes are left, and another try, when some could not be ended', () => {
    expect(done('4 1 0 - 90')).toEqual({
      outcome: { state: 'left', found: 4, left: 1 },
      next: 'again',
    });
  });

  it.each([
    ['0 0 2 - 1', 'not-told-apart'],
    ['3 0 0 capable 1', 'limits-raisable'],
    ['3 0 0 shell 1', 'limits-unset'],
  ])('is unknown where processes could have hidden: %s', (words, detail) => {
    expect(done(words)).toMatchObject({
      outcome: { state: 'unknown', detail },
      next: 'settle',
    });
  });

  it('is unknown, and another try, when the answer is odd or missing', () => {
    expect(judge('done\n')).toMatchObject({
      outcome: { state: 'unknown', detail: 'odd-answer' },
      next: 'again',
    });
    expect(judge('')).toMatchObject({
      outcome: { state: 'unknown', detail: 'no-answer' },
      next: 'again',
    });
    for (const kind of ['broken', 'too-late', 'too-long'] as const) {
      expect(judgeRun({ kind }, NONCE, session)).toMatchObject({
        outcome: { state: 'unknown', detail: 'no-answer' },
        next: 'again',
      });
    }
  });

  it('is unknown for good where the container shows no processes', () => {
    expect(
      judge(`kubernetes-access-reaper ${NONCE} cannot look\n`),
    ).toMatchObject({
      outcome: { state: 'unknown', detail: 'cannot-look' },
      next: 'settle',
    });
  });

  it('is unknown without a shell once somebody had one', () => {
    expect(judge('', { noShell: true })).toMatchObject({
      outcome: { state: 'unknown', detail: 'no-shell' },
    });
  });
});

describe('the container that a session was in', () => {
  const pod = (changes: {
    uid?: string;
    containerID?: string;
    state?: object;
  }): Pod => ({
    metadata: { name: 'api-1', uid: changes.uid ?? session.podUid },
    status: {
      containerStatuses: [
        {
          name: 'app',
          ready: true,
          restartCount: 0,
          containerID: changes.containerID ?? session.containerId,
          state: changes.state ?? { running: {} },
        },
      ],
    },
  });

  it('is looked at while it runs', () => {
    expect(judgeContainer(pod({}), session)).toBeUndefined();
  });

  it.each([
    ['its pod is gone', undefined],
    ['its pod was replaced', pod({ uid: 'another' })],
    ['it was restarted', pod({ containerID: 'containerd://2' })],
    ['it waits for a restart', pod({ state: { waiting: {} } })],
  ])('took its processes along when %s', (_, now) => {
    expect(judgeContainer(now, session)).toEqual({
      outcome: {
        state: 'none-left',
        found: 0,
        left: 0,
        detail: 'container-ended',
      },
      next: 'settle',
    });
  });
});

describe('nextTryMs', () => {
  const outcome = { state: 'left' as const, found: 1, left: 1 };

  it('tries a container that answers a few times, ever later, and then stops', () => {
    const pauses = [0, 1, 2, 3, 4].map(attempts =>
      nextTryMs({ next: 'again', outcome }, attempts, session),
    );
    expect(pauses).toEqual([2_000, 10_000, 60_000, 300_000, undefined]);
  });

  it('asks a cluster that is away for a day', () => {
    let total = 0;
    for (let attempts = 0; ; attempts++) {
      const pause = nextTryMs(
        { next: 'when-reachable', outcome },
        attempts,
        session,
      );
      if (pause === undefined) {
        break;
      }
      expect(pause).toBeLessThanOrEqual(300_000);
      total += pause;
    }
    expect(total).toBeGreaterThan(24 * 3600_000);
  });

  it('looks once more at a session that printed nothing, whose shell may still be starting', () => {
    const quiet = { bytesOut: 0 };
    const found = { state: 'none-left' as const, found: 0, left: 0 };
    const verdict = { next: 'settle' as const, outcome: found };
    expect(nextTryMs(verdict, 0, quiet)).toBe(30_000);
    expect(nextTryMs(verdict, 1, quiet)).toBeUndefined();
    expect(nextTryMs(verdict, 0, session)).toBeUndefined();
  });
});
