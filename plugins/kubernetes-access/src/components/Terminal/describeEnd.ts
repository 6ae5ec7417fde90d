import type { EndKind, TerminalState } from '../../terminal';
import type { terminalMessages } from './terminalMessages';

type Ended = Extract<TerminalState, { kind: 'ended' }>;
type MessageKey = keyof typeof terminalMessages;

const KEYS: Record<EndKind, MessageKey> = {
  normal: 'endNormal',
  goingAway: 'endGoingAway',
  badFrame: 'endBadFrame',
  badTicket: 'endBadTicket',
  revoked: 'endRevoked',
  notAllowed: 'endNotAllowed',
  podGone: 'endPodGone',
  expired: 'endExpired',
  cancelled: 'endCancelled',
  noShell: 'endNoShell',
  idle: 'endIdle',
  tooMany: 'endTooMany',
  upstream: 'endUpstream',
  refused: 'endRefused',
  unreachable: 'endUnreachable',
  blocked: 'endBlocked',
  lost: 'endLost',
};

/** After these another try in the same container cannot help. */
const FINAL: EndKind[] = [
  'revoked',
  'expired',
  'cancelled',
  'podGone',
  'noShell',
];

/** The line under a terminal that has ended: our words, unless the back end has better ones. */
export function describeEnd(
  state: Ended,
): { message: string } | { key: MessageKey; code?: number } {
  if (state.why === 'normal' && state.exitCode !== undefined) {
    return state.exitCode === 0
      ? { key: 'endNormal' }
      : { key: 'endExitCode', code: state.exitCode };
  }
  return state.message ? { message: state.message } : { key: KEYS[state.why] };
}

/** Whether opening the same container again may work. */
export function mayOpenAgain(state: Ended): boolean {
  return !FINAL.includes(state.why);
}
