export { ApprovalService } from './ApprovalService';
export { Directory } from './Directory';
export { OwnerApprovers } from './OwnerApprovers';
