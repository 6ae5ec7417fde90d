export { ApprovalService } from './ApprovalService';
export type { Standing } from './ApprovalService';
export { Directory } from './Directory';
export { DisplayNames } from './DisplayNames';
export { OwnerApprovers } from './OwnerApprovers';
