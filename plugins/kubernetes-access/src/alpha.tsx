/**
 * Kubernetes Access for apps on the new front-end system.
 * @packageDocumentation
 */
export { kubernetesAccessPlugin as default } from './alpha/plugin';
export { kubernetesAccessNavTranslationRef } from './components/NavIcon/messages';
export { kubernetesAccessTranslationRef } from './translation';
