export * from './ConfiguredClusters';
export * from './errors';
export * from './HttpKubeClient';
export { endpointOf } from './kubeConfig';
export type { Endpoint } from './kubeConfig';
export * from './paths';
export * from './summarizePod';
export * from './types';
