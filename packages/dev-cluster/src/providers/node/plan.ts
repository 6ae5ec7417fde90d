import { join } from 'node:path';
import { Layout, Ports } from './layout';
import { PodNetwork } from './network';

/** What the cluster-node program is to run, see components/clusternode/plan.go. */
export interface Plan {
  record: string;
  folders: Record<string, string>;
  files: Record<string, string>;
  processes: PlannedProcess[];
}

export interface PlannedProcess {
  name: string;
  command: string[];
  env?: Record<string, string>;
  log: string;
  after?: string;
  hold?: string;
}

export interface PlanInput {
  layout: Layout;
  ports: Ports;
  /** The folder with the compiled components. */
  components: string;
  auditLog: boolean;
  /** What only a cluster with a node has. */
  node?: PlannedNode;
}

export interface PlannedNode {
  network: PodNetwork;
  containerd: string;
}

export const NODE_NAME = 'localhost';
const SERVICE_NETWORK = '10.254.0.0/16';

/** Containers and pods are known by fixed folders of the machine; each cluster has its own ones. */
const MACHINE_FOLDERS = [
  '/run/containerd',
  '/run/netns',
  '/var/lib/cni',
  '/var/lib/kubelet',
  '/var/log',
];

/** Kernel settings that the kubelet and the network plug-ins change; nothing here depends on them, and the machine keeps its own. */
const MACHINE_FILES = [
  '/proc/sys/kernel/keys/root_maxbytes',
  '/proc/sys/kernel/keys/root_maxkeys',
  '/proc/sys/kernel/panic',
  '/proc/sys/kernel/panic_on_oops',
  '/proc/sys/net/ipv4/ip_forward',
  '/proc/sys/vm/overcommit_memory',
  '/proc/sys/vm/panic_on_oom',
];

export function planCluster(input: PlanInput): Plan {
  const { layout, ports } = input;
  const standIn = (path: string) =>
    join(layout.machine, path.slice(1).replaceAll('/', '-'));
  const standIns = (paths: string[]) =>
    Object.fromEntries(paths.map(path => [path, standIn(path)]));
  const process = (
    name: string,
    command: string[],
    rest: Partial<PlannedProcess> = {},
  ): PlannedProcess => ({
    name,
    command,
    log: join(layout.logs, `${name}.log`),
    hold: join(layout.holds, name),
    ...rest,
  });
  const component = (
    name: string,
    flags: Record<string, string | number | boolean>,
    rest?: Partial<PlannedProcess>,
  ) =>
    process(
      name,
      [
        join(input.components, name),
        ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
      ],
      rest,
    );
  const afterApiServer = { after: `127.0.0.1:${ports.apiServer}` };

  const processes = [
    component('etcd', etcdFlags(input)),
    component('kube-apiserver', apiServerFlags(input)),
    component(
      'kube-controller-manager',
      controllerManagerFlags(input),
      afterApiServer,
    ),
  ];
  if (!input.node) {
    return { record: layout.record, folders: {}, files: {}, processes };
  }
  const { containerd, network } = input.node;
  return {
    record: layout.record,
    folders: standIns(MACHINE_FOLDERS),
    files: standIns(MACHINE_FILES),
    processes: [
      ...processes,
      process('containerd', [
        containerd,
        '--config',
        join(layout.folder, 'containerd.toml'),
      ]),
      component('kubelet', kubeletFlags(layout, network), afterApiServer),
      component('kube-scheduler', schedulerFlags(input), afterApiServer),
    ],
  };
}

function etcdFlags({ layout, ports }: PlanInput) {
  const url = (port: number) => `https://127.0.0.1:${port}`;
  const certificate = (file: string) => join(layout.certificates, file);
  return {
    name: 'dev',
    'data-dir': layout.etcdData,
    'listen-client-urls': url(ports.etcd),
    'advertise-client-urls': url(ports.etcd),
    'listen-peer-urls': url(ports.etcdPeer),
    'initial-advertise-peer-urls': url(ports.etcdPeer),
    'initial-cluster': `dev=${url(ports.etcdPeer)}`,
    'cert-file': certificate('etcd.crt'),
    'key-file': certificate('etcd.key'),
    'trusted-ca-file': certificate('etcd-ca.crt'),
    'client-cert-auth': true,
    'peer-cert-file': certificate('etcd.crt'),
    'peer-key-file': certificate('etcd.key'),
    'peer-trusted-ca-file': certificate('etcd-ca.crt'),
    'peer-client-cert-auth': true,
    // Nothing in it needs to survive the machine.
    'unsafe-no-fsync': true,
    'log-level': 'warn',
  };
}

function apiServerFlags({ layout, ports, auditLog }: PlanInput) {
  const certificate = (file: string) => join(layout.certificates, file);
  return {
    'bind-address': '127.0.0.1',
    'advertise-address': '127.0.0.1',
    'secure-port': ports.apiServer,
    // Pods cannot reach the loopback address, so it is not published as an endpoint.
    'endpoint-reconciler-type': 'none',
    'etcd-servers': `https://127.0.0.1:${ports.etcd}`,
    'etcd-cafile': certificate('etcd-ca.crt'),
    'etcd-certfile': certificate('etcd.crt'),
    'etcd-keyfile': certificate('etcd.key'),
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
    'client-ca-file': certificate('ca.crt'),
    'tls-cert-file': certificate('apiserver.crt'),
    'tls-private-key-file': certificate('apiserver.key'),
    'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
    'service-account-key-file': certificate('service-accounts.pub'),
    'service-account-signing-key-file': certificate('service-accounts.key'),
    'service-cluster-ip-range': SERVICE_NETWORK,
    'kubelet-certificate-authority': certificate('ca.crt'),
    'kubelet-client-certificate': certificate('apiserver-kubelet-client.crt'),
    'kubelet-client-key': certificate('apiserver-kubelet-client.key'),
    // The node is called localhost: nothing between API server and kubelet leaves the machine.
    'kubelet-preferred-address-types': 'Hostname',
    'allow-privileged': true,
    profiling: false,
    ...(auditLog
      ? {
          'audit-policy-file': join(layout.folder, 'audit-policy.yaml'),
          'audit-log-path': join(layout.logs, 'audit.log'),
        }
      : {}),
  };
}

function kubeletFlags(layout: Layout, network: PodNetwork) {
  return {
    config: join(layout.folder, 'kubelet.json'),
    kubeconfig: join(layout.folder, 'kubelet.kubeconfig'),
    'root-dir': layout.kubeletData,
    'cert-dir': join(layout.kubeletData, 'pki'),
    'hostname-override': NODE_NAME,
    'node-ip': network.gateway,
  };
}

function controllerManagerFlags({ layout }: PlanInput) {
  const certificate = (file: string) => join(layout.certificates, file);
  return {
    kubeconfig: join(layout.folder, 'controller-manager.kubeconfig'),
    'leader-elect': false,
    'secure-port': 0,
    'root-ca-file': certificate('ca.crt'),
    'service-account-private-key-file': certificate('service-accounts.key'),
    'use-service-account-credentials': true,
    'cluster-signing-cert-file': certificate('ca.crt'),
    'cluster-signing-key-file': certificate('ca.key'),
    profiling: false,
  };
}

function schedulerFlags({ layout }: PlanInput) {
  return {
    kubeconfig: join(layout.folder, 'scheduler.kubeconfig'),
    'leader-elect': false,
    'secure-port': 0,
    profiling: false,
  };
}
