export { AccessIcon } from './AccessIcon';
export { KubernetesAccessSidebarItem } from './KubernetesAccessSidebarItem';
export { NavIcon } from './NavIcon';
