export * from './types';
export * from './ClusterGrantController';
export { commitEnd } from './commitEnd';
export type { End } from './commitEnd';
export { leaseName } from './ClusterLeadership';
export { grantName } from './names';
export { claimsInstallation } from './judgeResource';
export { removeStrayResource } from './removeStrayResource';
