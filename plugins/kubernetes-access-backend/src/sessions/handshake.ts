import type { IncomingHttpHeaders } from 'node:http';
import { SESSION_PROTOCOL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { ticketAmong } from './ticket';

/** What a browser brings to open a session's WebSocket. */
export interface Handshake {
  sessionId: string;
  ticket: string;
}

/**
 * Why an upgrade is refused before it happens. Whoever comes this way is no browser that shows our terminal,
 * so it gets a plain status and nothing to learn from.
 */
export interface HandshakeRefusal {
  status: 400 | 401 | 403 | 503;
  /** For our own audit trail. */
  reason: 'no-origin' | 'foreign-origin' | 'no-protocol' | 'no-ticket' | 'busy';
}

/** Judges the headers of an upgrade before anything is looked up. */
export function judgeHandshake(
  sessionId: string,
  headers: IncomingHttpHeaders,
  allowedOrigins: readonly string[],
): Handshake | HandshakeRefusal {
  // A browser always sends the Origin. WebSockets know no CORS: this comparison is all there is.
  if (!headers.origin) {
    return { status: 403, reason: 'no-origin' };
  }
  if (!allowedOrigins.includes(headers.origin)) {
    return { status: 403, reason: 'foreign-origin' };
  }
  const protocols = (headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map(protocol => protocol.trim());
  if (!protocols.includes(SESSION_PROTOCOL)) {
    return { status: 400, reason: 'no-protocol' };
  }
  const ticket = ticketAmong(protocols);
  return ticket ? { sessionId, ticket } : { status: 401, reason: 'no-ticket' };
}

export function isRefusal(
  outcome: Handshake | HandshakeRefusal,
): outcome is HandshakeRefusal {
  return 'status' in outcome;
}
