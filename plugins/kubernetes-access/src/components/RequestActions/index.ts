export { CancelAction } from './CancelAction';
export { DecideActions } from './DecideActions';
export { RevokeAction } from './RevokeAction';
