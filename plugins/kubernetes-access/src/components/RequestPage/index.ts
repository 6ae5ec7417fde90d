export { RequestPage } from './RequestPage';
export { RequestTerminalPage } from './RequestTerminalPage';
