import { join } from 'node:path';
import { Layout, Ports } from './layout';

/** The kubelet's configuration file (JSON is YAML). */
export function kubeletConfig(layout: Layout, ports: Ports): object {
  const certificate = (file: string) => join(layout.certificates, file);
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: '127.0.0.1',
    port: ports.kubelet,
    readOnlyPort: 0,
    healthzPort: 0,
    tlsCertFile: certificate('kubelet.crt'),
    tlsPrivateKeyFile: certificate('kubelet.key'),
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: certificate('ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    containerRuntimeEndpoint: `unix://${layout.containerdSocket}`,
    // Containers go straight below one control group of ours, which is easily removed again.
    cgroupDriver: 'cgroupfs',
    cgroupRoot: layout.cgroup,
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    volumePluginDir: join(layout.kubeletData, 'volume-plugins'),
    // A machine that is low on disk shall neither lose pods nor images.
    evictionHard: {
      'memory.available': '50Mi',
      'nodefs.available': '0%',
      'nodefs.inodesFree': '0%',
      'imagefs.available': '0%',
      'imagefs.inodesFree': '0%',
    },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    containerLogMaxSize: '2Mi',
    containerLogMaxFiles: 2,
    // Pods here are many and small, and all of them start at once.
    serializeImagePulls: false,
    registryPullQPS: 0,
    kubeAPIQPS: 100,
    kubeAPIBurst: 200,
    logging: { verbosity: 0 },
  };
}
