/**
 * The program `kubernetes-access-verify`: verifies an export of the audit trail, without Backstage and database.
 *
 * @packageDocumentation
 */
export { verifyFiles } from './audit/verifyFiles';
export type { Output } from './audit/verifyFiles';
