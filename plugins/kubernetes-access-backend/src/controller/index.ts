export * from './Backoff';
export * from './Clock';
export * from './Controller';
export * from './Reflector';
export * from './SystemClock';
export * from './TerminalError';
export * from './WorkQueue';
