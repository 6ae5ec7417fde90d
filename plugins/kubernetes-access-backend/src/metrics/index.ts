export { AccessMetrics, METRICS } from './AccessMetrics';
export * from './ClusterMetrics';
