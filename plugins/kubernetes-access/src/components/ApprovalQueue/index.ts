export { ApprovalQueue } from './ApprovalQueue';
export { DecisionButtons } from './DecisionButtons';
export { Outcome } from './Outcome';
