import type { ProcessesReason } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { ReapOutcome, StoredSession } from '../../database/types';
import type { Pod } from '../../kubernetes';
import { readReaperAnswer } from './readReaperAnswer';
import type { RunResult } from './runOnce';

/** What one try found, and whether another one can find anything else. */
export interface ReapVerdict {
  outcome: ReapOutcome;
  next:
    | 'settle'
    /** It may be another one in a moment. */
    | 'again'
    /** It was not the container that did not answer. */
    | 'when-reachable';
}

/** What the script's answer means. */
export function judgeRun(
  result: RunResult,
  nonce: string,
  session: Pick<StoredSession, 'bytesIn'>,
): ReapVerdict {
  if (result.kind !== 'ended') {
    return unknown('no-answer', 'again');
  }
  if (result.noShell) {
    // Where there is no shell none was started, unless somebody typed into one.
    return session.bytesIn === 0
      ? noneLeft('no-shell')
      : unknown('no-shell', 'again');
  }
  if (result.output.length === 0) {
    return unknown('no-answer', 'again');
  }
  const answer = readReaperAnswer(result.output, nonce);
  switch (answer.kind) {
    case 'done':
      return judgeCounts(answer);
    case 'cannot':
      return unknown('cannot-look', 'settle');
    default:
      return unknown('odd-answer', 'again');
  }
}

function judgeCounts(answer: {
  ended: number;
  left: number;
  spared: number;
  limits: 'kept' | 'raisable' | 'unset';
}): ReapVerdict {
  const { ended: found, left, spared, limits } = answer;
  if (left > 0) {
    return { outcome: { state: 'left', found, left }, next: 'again' };
  }
  if (spared > 0) {
    return unknown('not-told-apart', 'settle', found);
  }
  switch (limits) {
    case 'raisable':
      return unknown('limits-raisable', 'settle', found);
    case 'unset':
      return unknown('limits-unset', 'settle', found);
    default:
      return {
        outcome: { state: 'none-left', found, left: 0 },
        next: 'settle',
      };
  }
}

/** Whether the container that a session was in still runs: its processes end with it. */
export function judgeContainer(
  pod: Pod | undefined,
  session: StoredSession,
): ReapVerdict | undefined {
  const container = pod?.status?.containerStatuses?.find(
    ({ name }) => name === session.container,
  );
  const stillRuns =
    pod?.metadata.uid === session.podUid &&
    container?.containerID === session.containerId &&
    container.state?.running !== undefined;
  return stillRuns ? undefined : noneLeft('container-ended');
}

export function noneLeft(detail: ProcessesReason): ReapVerdict {
  return {
    outcome: { state: 'none-left', found: 0, left: 0, detail },
    next: 'settle',
  };
}

export function unknown(
  detail: ProcessesReason,
  next: ReapVerdict['next'],
  found = 0,
): ReapVerdict {
  return { outcome: { state: 'unknown', found, left: 0, detail }, next };
}
