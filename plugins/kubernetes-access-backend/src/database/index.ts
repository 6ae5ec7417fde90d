export * from './types';
export * from './DatabaseClock';
export * from './DatabaseRecordingStore';
export * from './DatabaseReplicaStore';
export * from './DatabaseRequestStore';
export * from './DatabaseSessionStore';
export * from './installation';
export * from './migrate';
export { REPLICA_DEAD_MS } from './liveReplicas';
