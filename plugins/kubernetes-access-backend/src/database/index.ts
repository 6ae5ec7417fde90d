export * from './types';
export * from './DatabaseClock';
export * from './DatabaseRecordingStore';
export * from './DatabaseRequestStore';
export * from './DatabaseSessionStore';
export * from './installation';
export * from './migrate';
