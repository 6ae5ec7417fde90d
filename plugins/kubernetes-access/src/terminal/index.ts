export * from './ExecSocket';
export * from './TerminalState';
