/**
 * Kubernetes Access for apps on the new front-end system.
 * @packageDocumentation
 */
export { kubernetesAccessPlugin as default } from './alpha/plugin';
export { kubernetesAccessTranslationRef } from './translation';
