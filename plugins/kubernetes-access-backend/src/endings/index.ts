export * from './types';
export * from './AbandonedSessions';
export * from './reaping/ReapWorker';
export * from './reaping/SessionReaper';
export * from './RequestEndings';
export * from './StreamCutter';
export * from './Sweeper';
