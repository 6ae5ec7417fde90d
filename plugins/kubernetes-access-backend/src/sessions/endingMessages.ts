import type {
  CloseCodeName,
  EndReason,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/** Why a session ends: a name for machines, a sentence for people. */
export interface SessionEnd {
  reason: CloseCodeName;
  message: string;
}

/** Ends that are the same for everybody. */
export const ENDINGS = {
  shellEnded: { reason: 'normal', message: 'The shell ended.' },
  browserClosed: { reason: 'normal', message: 'The terminal was closed.' },
  browserLost: {
    reason: 'goingAway',
    message: 'The connection to the browser was lost.',
  },
  badTicket: {
    reason: 'badTicket',
    message: 'This terminal could not be opened. Try again.',
  },
  expired: { reason: 'expired', message: 'Your time is up.' },
  idle: {
    reason: 'idle',
    message:
      'Nothing was typed or printed for a while. Open it again when you need it.',
  },
  shuttingDown: {
    reason: 'goingAway',
    message: 'Backstage is restarting. Open the terminal again in a moment.',
  },
  cannotTell: {
    reason: 'goingAway',
    message:
      'It could not be checked whether your access still stands. Open the terminal again in a moment.',
  },
  noShell: {
    reason: 'noShell',
    message: 'This container has no shell, so there is nothing to open here.',
  },
  upstreamClosed: {
    reason: 'upstream',
    message: 'The cluster closed the connection.',
  },
  upstreamLost: {
    reason: 'upstream',
    message: 'The connection to the cluster was lost.',
  },
  clusterAway: {
    reason: 'upstream',
    message: 'The cluster does not answer now. Try again in a moment.',
  },
  execForbidden: {
    reason: 'upstream',
    message:
      'The cluster does not let this access in. Tell the people who run it, with the id of the request.',
  },
  podGone: {
    reason: 'podGone',
    message: 'The pod or the container is gone.',
  },
  internal: {
    reason: 'goingAway',
    message: 'Something went wrong on our side. Open the terminal again.',
  },
} as const satisfies Record<string, SessionEnd>;

/** How the end of a request is told to its terminals. */
export function closeNameForEnd(reason: EndReason): CloseCodeName {
  switch (reason) {
    case 'expired':
    case 'cancelled':
      return reason;
    default:
      return 'revoked';
  }
}
