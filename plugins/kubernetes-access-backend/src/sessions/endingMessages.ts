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
  clusterSilent: {
    reason: 'goingAway',
    message:
      'The cluster was not heard from, so it cannot be told whether your access still stands. Open the terminal again in a moment.',
  },
  notConfirmed: {
    reason: 'notAllowed',
    message:
      'It could not be confirmed for 5 minutes that you are still signed in and may still be here. Sign in again and open the terminal anew.',
  },
  otherUser: {
    reason: 'notAllowed',
    message:
      'The browser is signed in as somebody else now, so this terminal was closed.',
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
  notRun: {
    reason: 'upstream',
    message:
      'The cluster could not run the shell, or lost it: the node of the pod may be away. Try again in a moment.',
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

/** Instants would be compared that cannot be. */
export function clockIsOff(offsetMs: number): SessionEnd {
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  return {
    reason: 'goingAway',
    message: `The clock of this Backstage back end differs from the database's by ${seconds} seconds, so it opens no terminals. Tell the people who run Backstage.`,
  };
}

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
