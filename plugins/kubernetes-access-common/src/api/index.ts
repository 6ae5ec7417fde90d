export * from './types';
export * from './review';
export * from './recording';
export * from './KubernetesAccessApi';
export * from './KubernetesAccessAuditApi';
export * from './KubernetesAccessClient';
