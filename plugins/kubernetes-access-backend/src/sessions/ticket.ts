import { createHash, randomBytes } from 'node:crypto';
import { TICKET_PROTOCOL_PREFIX } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/** How long a ticket can be redeemed. A browser does so at once; the rest is for slow networks. */
export const TICKET_LIFETIME_MS = 30_000;

const TICKET_BYTES = 32;
/** 32 bytes in base64url without padding. */
const TICKET_PATTERN = /^[A-Za-z0-9_-]{43}$/;

/** A secret that opens one session's WebSocket once. Only its hash is ever stored. */
export function createTicket(
  random: (size: number) => Buffer = randomBytes,
): string {
  return random(TICKET_BYTES).toString('base64url');
}

/** What is stored of a ticket. A plain hash will do: the ticket has 256 random bits. */
export function hashTicket(ticket: string): string {
  return createHash('sha256').update(ticket).digest('hex');
}

/** The ticket among the subprotocols that a browser offers, if there is exactly one that can be one. */
export function ticketAmong(protocols: string[]): string | undefined {
  const tickets = protocols
    .filter(protocol => protocol.startsWith(TICKET_PROTOCOL_PREFIX))
    .map(protocol => protocol.slice(TICKET_PROTOCOL_PREFIX.length));
  return tickets.length === 1 && TICKET_PATTERN.test(tickets[0])
    ? tickets[0]
    : undefined;
}
