export { ApprovalQueue } from './ApprovalQueue';
export { DecisionButtons } from './DecisionButtons';
