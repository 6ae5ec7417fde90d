import { createHash } from 'node:crypto';
import type { RecordEntry } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AuditEvent } from '../audit/types';
import { canonicalJson } from '../canonicalJson';

/** What an entry of a record says, in so many characters. */
export function digestOfEntry(entry: RecordEntry): string {
  return createHash('sha256').update(canonicalJson(entry)).digest('hex');
}

/**
 * Has the audit trail vouch for the entries that are committed with it: an entry that somebody writes, changes or takes
 * away in the database shows, because the trail is signed.
 */
export function vouchForEntries(
  requestId: string,
  entries: RecordEntry[],
  audit: AuditEvent[],
): AuditEvent[] {
  const index = audit.findIndex(event => event.requestId === requestId);
  return audit.map((event, place) =>
    place === index && entries.length > 0
      ? {
          ...event,
          meta: { ...event.meta, entries: entries.map(digestOfEntry) },
        }
      : event,
  );
}
