export * from './record';
export * from './phase';
