import type { AuditKey } from './mac';
import { macOf } from './mac';
import type { StoredAuditEvent } from './types';

/**
 * Finds the first thing that is wrong with a chain: a gap, an edited row, a row bound to another one, an unknown
 * key, or a tail that was cut off.
 *
 * @param events - the chain in order
 * @param head - what the chain's own row says its last event is
 * @returns one sentence, or undefined when all is well
 */
export function verifyChain(
  events: StoredAuditEvent[],
  head: { sequence: number; mac: string } | undefined,
  keys: AuditKey[],
): string | undefined {
  let previous = '';
  for (const [index, event] of events.entries()) {
    const { mac, ...unsigned } = event;
    const key = keys.find(({ id }) => id === event.keyId);
    if (event.sequence !== index + 1) {
      return `Event ${index + 1} is missing.`;
    }
    if (!key) {
      return `Event ${event.sequence} is signed with the unknown key '${event.keyId}'.`;
    }
    if (event.previous !== previous || macOf(unsigned, key) !== mac) {
      return `Event ${event.sequence} was changed.`;
    }
    previous = mac;
  }
  if (
    (head?.sequence ?? 0) !== events.length ||
    (head?.mac ?? '') !== previous
  ) {
    return `The chain ends at event ${events.length}, but its head is event ${
      head?.sequence ?? 0
    }.`;
  }
  return undefined;
}
