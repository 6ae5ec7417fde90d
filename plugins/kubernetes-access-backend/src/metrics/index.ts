export { AccessMetrics, METRICS } from './AccessMetrics';
export * from './ClusterMetrics';
export * from './DatabaseMetrics';
