import { ANSWER } from './reaperScript';

/** What the script said. It runs in a container whose root may answer anything: a report, never a proof. */
export type ReaperAnswer =
  | {
      kind: 'done';
      /** Processes that it tried to end. */
      ended: number;
      /** Those that were still there in its last round. */
      left: number;
      /** Processes that it could not tell from the container's own, and left alone. */
      spared: number;
      limits: 'kept' | 'raisable' | 'unset';
    }
  /** It could not look: no /proc, or a shell that cannot count so far. */
  | { kind: 'cannot' }
  /** Nothing that the script says. */
  | { kind: 'odd' };

/** More than any answer has. */
export const MAX_ANSWER_BYTES = 4096;

const COUNT = /^(0|[1-9]\d{0,8})$/;
const LIMITS = { '-': 'kept', capable: 'raisable', shell: 'unset' } as const;

/** Reads what came over stdout: exactly one line, the answer to exactly this question. */
export function readReaperAnswer(output: Buffer, nonce: string): ReaperAnswer {
  const text = output.subarray(0, MAX_ANSWER_BYTES + 1).toString('latin1');
  if (text.length > MAX_ANSWER_BYTES || !text.endsWith('\n')) {
    return { kind: 'odd' };
  }
  const [first, second, verb, ...words] = text.slice(0, -1).split(' ');
  if (first !== ANSWER || second !== nonce) {
    return { kind: 'odd' };
  }
  if (verb === 'cannot' && words.length === 1) {
    return { kind: 'cannot' };
  }
  return verb === 'done' ? readDone(words) : { kind: 'odd' };
}

function readDone(words: string[]): ReaperAnswer {
  const [ended, left, spared, limits, rounds] = words;
  const counts = [ended, left, spared, rounds];
  if (
    words.length !== 5 ||
    !counts.every(count => COUNT.test(count)) ||
    !Object.hasOwn(LIMITS, limits)
  ) {
    return { kind: 'odd' };
  }
  return {
    kind: 'done',
    ended: Number(ended),
    left: Number(left),
    spared: Number(spared),
    limits: LIMITS[limits as keyof typeof LIMITS],
  };
}
