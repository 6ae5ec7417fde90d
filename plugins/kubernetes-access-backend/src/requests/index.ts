export * from './types';
export { CallerResolver } from './CallerResolver';
export { ClusterTargetPods } from './ClusterTargetPods';
export { EntityAccessService } from './EntityAccessService';
export type { EntityPreview } from './EntityAccessService';
export { nameOf, oneOf, readEntityRef } from './entityRefs';
export { RequestService } from './RequestService';
export { TargetInspector } from './TargetInspector';
