export { EndSentence } from './EndSentence';
export { RemovalSentence } from './RemovalSentence';
