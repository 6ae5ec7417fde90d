export * from './types';
export * from './KubernetesAccessApi';
export * from './KubernetesAccessAuditApi';
export * from './KubernetesAccessClient';
