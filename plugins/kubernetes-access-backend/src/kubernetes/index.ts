export { answerPings } from './answerPings';
export { ConfiguredClusters } from './ConfiguredClusters';
export * from './errors';
export * from './FencedKubeClient';
export * from './paths';
export * from './summarizePod';
export * from './types';
export * from './tokenClaims';
export * from './whySuspended';
