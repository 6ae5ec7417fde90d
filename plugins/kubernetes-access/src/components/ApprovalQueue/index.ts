export { ApprovalQueue } from './ApprovalQueue';
export { DecisionButtons } from './DecisionButtons';
export { ReviewFacts } from './ReviewFacts';
export { useReview } from './useReview';
export type { ReviewState } from './useReview';
