export { RequestGate } from './RequestGate';
export { registerPermissions } from './registerPermissions';
