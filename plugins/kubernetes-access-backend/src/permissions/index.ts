export { floor } from './floor';
export { RequestGate } from './RequestGate';
export { registerPermissions } from './registerPermissions';
