import type { ReapVerdict } from './judgeReap';

/** The pauses after the first tries of a container that answers. After the last one what was found stands. */
const PAUSES_MS = [2_000, 10_000, 60_000, 5 * 60_000];
/** A cluster that is away is asked again at this pace, for a day. */
const MAX_AWAY_MS = 5 * 60_000;
const MAX_AWAY_TRIES = 300;
/**
 * A session that has printed nothing may only just be starting its shell, or an exec that was given up may begin late:
 * it is looked at twice. Once there is a prompt its processes are marked.
 */
const SECOND_LOOK_MS = 30_000;

/**
 * How long to wait before the next try; undefined when what was found stands.
 *
 * @param attempts - how often it was tried before this one
 */
export function nextTryMs(
  { next, outcome }: Pick<ReapVerdict, 'next' | 'outcome'>,
  attempts: number,
  session: { bytesOut: number },
): number | undefined {
  switch (next) {
    case 'again':
      return PAUSES_MS[attempts];
    case 'when-reachable':
      return attempts < MAX_AWAY_TRIES
        ? Math.min(2_000 * 2 ** Math.min(attempts, 20), MAX_AWAY_MS)
        : undefined;
    default:
      return session.bytesOut === 0 &&
        attempts === 0 &&
        outcome.detail !== 'container-ended'
        ? SECOND_LOOK_MS
        : undefined;
  }
}
