import { PAUSE_IMAGE } from '../../images/sampleImages';
import { Layout } from './layout';
import { PodNetwork } from './network';

/** containerd's configuration. JSON strings are also TOML strings. */
export function containerdConfig(layout: Layout, cniPlugins: string): string {
  const text = JSON.stringify;
  return `version = 2
root = ${text(layout.containerdData)}
state = ${text(`${layout.runFolder}/containerd`)}
disabled_plugins = [
  "io.containerd.internal.v1.opt",
  "io.containerd.internal.v1.tracing",
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
  "io.containerd.tracing.processor.v1.otlp",
]

[grpc]
  address = ${text(layout.containerdSocket)}

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${text(PAUSE_IMAGE)}
  # Without CAP_SYS_RESOURCE, as in many containers, runc cannot lower a score.
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${text(cniPlugins)}
    conf_dir = ${text(layout.cniConfig)}

  [plugins."io.containerd.grpc.v1.cri".containerd]
    default_runtime_name = "runc"

    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"

      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
        Root = ${text(`${layout.runFolder}/runc`)}
`;
}

/** Pods reach each other and the machine, nothing else: no address is translated and nothing is forwarded. */
export function cniConfig(layout: Layout, network: PodNetwork): object {
  return {
    cniVersion: '0.4.0',
    name: layout.bridge,
    plugins: [
      {
        type: 'bridge',
        bridge: layout.bridge,
        isGateway: true,
        ipMasq: false,
        ipam: {
          type: 'host-local',
          dataDir: layout.cniData,
          ranges: [[{ subnet: network.subnet, gateway: network.gateway }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
      { type: 'loopback' },
    ],
  };
}
