export * from './types';
export { readKubernetesAccessOptions } from './readKubernetesAccessOptions';
