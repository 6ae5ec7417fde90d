export { AccessMetrics, METRICS } from './AccessMetrics';
