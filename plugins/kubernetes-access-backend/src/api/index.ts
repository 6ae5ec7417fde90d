export { createRouter } from './router';
export { ClusterViews } from './ClusterViews';
export { LiveSessionViews } from './LiveSessionViews';
export { RequestViews } from './RequestViews';
export type { ApiOptions } from './types';
