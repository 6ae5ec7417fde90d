export { AccessMetrics } from './AccessMetrics';
export * from './ClusterMetrics';
export * from './DatabaseMetrics';
