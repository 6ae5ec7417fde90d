export { CancelAction } from './CancelAction';
export { RevokeAction } from './RevokeAction';
