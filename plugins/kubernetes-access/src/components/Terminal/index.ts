export { TerminalTab } from './TerminalTab';
export type { TerminalTabProps } from './TerminalTab';
