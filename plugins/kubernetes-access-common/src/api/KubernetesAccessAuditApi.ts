import type {
  AuditRecord,
  AuditSegment,
  AuditVerification,
  ExportAuditEvents,
} from './types';

/**
 * What admins and auditors can do with the audit trail. For everybody else it does not exist.
 * @public
 */
export interface KubernetesAccessAuditApi {
  /**
   * Holds the audit trail, or one chain of it, against the keys of the back end.
   * @param options - `recordings: false` leaves out the stored recordings, which takes less long
   */
  verifyAudit(options?: {
    chain?: string;
    recordings?: boolean;
  }): Promise<AuditVerification>;

  /** The events in the order in which they are verified. */
  exportAuditEvents(query?: ExportAuditEvents): AsyncIterable<AuditRecord>;

  /** The segments of the recordings. */
  exportAuditSegments(query?: { chain?: string }): AsyncIterable<AuditSegment>;
}
