export { RequestGate } from './RequestGate';
export type { AskedAction } from './RequestGate';
export { registerPermissions } from './registerPermissions';
