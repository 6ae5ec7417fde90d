export type { Cluster, ClusterInfo, Log, SampleImages } from './Cluster';
export {
  clusterFromEnvironment,
  loadCluster,
  startCluster,
  stopCluster,
} from './startCluster';
export type { StartClusterOptions } from './startCluster';
export { ComponentControls } from './providers/node/ComponentControls';
export type { ComponentName } from './providers/node/ComponentControls';
export { kubectl } from './kubectl';
export type { KubectlOptions } from './kubectl';
export {
  applySamples,
  deploySamples,
  waitForSamples,
} from './samples/deploySamples';
export { SAMPLE_NAMESPACES, SAMPLE_WORKLOADS } from './samples/workloads';
export type {
  SampleContainer,
  SampleNamespace,
  SampleWorkload,
} from './samples/workloads';
export { installChart } from './chart/installChart';
export type { ChartOptions } from './chart/installChart';
export { backendKubeconfig } from './chart/backendKubeconfig';
export type { BackendKubeconfigOptions } from './chart/backendKubeconfig';
export {
  ensureSystemPackages,
  missingSystemPackages,
} from './system/systemPackages';
