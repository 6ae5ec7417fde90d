/**
 * Temporary, approved access to the pods behind catalog entities.
 * @packageDocumentation
 */
export { kubernetesAccessPlugin as default } from './plugin';
