export * from './types';
export * from './KubernetesAccessApi';
export * from './KubernetesAccessClient';
