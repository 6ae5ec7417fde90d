export * from './types';
export * from './RequestEndings';
export * from './StreamCutter';
export * from './Sweeper';
