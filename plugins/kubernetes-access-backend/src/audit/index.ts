export * from './types';
export * from './DatabaseAuditTrail';
export * from './keys';
export type { AuditKey } from './mac';
export * from './RefusalTrail';
