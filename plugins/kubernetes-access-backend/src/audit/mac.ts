import { createHmac } from 'node:crypto';
import { canonicalJson } from '../canonicalJson';
import type { StoredAuditEvent } from './types';

/** A secret that binds audit events together; the database never sees it. */
export interface AuditKey {
  id: string;
  secret: string;
  /** The instant from which on nothing is signed with it any more (UTC, ISO 8601 with milliseconds). */
  until?: string;
}

/** The HMAC over everything that an audit row says, including the HMAC of the row before it. */
export function macOf(
  event: Omit<StoredAuditEvent, 'mac'>,
  key: AuditKey,
): string {
  return createHmac('sha256', key.secret)
    .update(canonicalJson(event), 'utf8')
    .digest('hex');
}
