/**
 * Front end of Kubernetes Access: ask for, approve and use temporary access to pods.
 * @packageDocumentation
 */
export { kubernetesAccessApiRef } from './api';
export { isKubernetesAccessAvailable } from './isKubernetesAccessAvailable';
export {
  EntityKubernetesAccessCard,
  EntityKubernetesAccessContent,
  KubernetesAccessPage,
  KubernetesAccessSidebarItem,
  kubernetesAccessPlugin,
} from './plugin';
