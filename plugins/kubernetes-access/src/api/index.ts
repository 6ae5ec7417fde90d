export { kubernetesAccessApiRef } from './kubernetesAccessApiRef';
