export {
  KubernetesAccessLegacyPage,
  KubernetesAccessPage,
} from './KubernetesAccessPage';
