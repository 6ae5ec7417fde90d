export { createRouter } from './router';
export { RequestViews } from './RequestViews';
export type { ApiOptions } from './types';
