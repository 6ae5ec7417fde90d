export * from './types';
export * from './AuditArchive';
export * from './DatabaseAuditTrail';
export * from './HeadReporter';
export * from './keys';
export type { AuditKey } from './mac';
export * from './RefusalTrail';
export type { TrailFinding, TrailReport } from './TrailVerifier';
