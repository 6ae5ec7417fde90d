import { join } from 'node:path';
import { clusterId } from '../../folders';

/** Where the parts of one cluster are. All of it follows from the cluster's folder, so that it is found again after a crash. */
export interface Layout {
  folder: string;
  /** Unix sockets live here, because their paths may have no more than 107 characters. */
  runFolder: string;
  containerdSocket: string;
  certificates: string;
  logs: string;
  /** Stand-ins for the folders and files of the machine that components write to at fixed places. */
  machine: string;
  etcdData: string;
  containerdData: string;
  kubeletData: string;
  cniConfig: string;
  cniData: string;
  plan: string;
  /** The ids of the processes to end. Not in the folder, which somebody may delete by hand, and gone after a reboot as they are. */
  record: string;
  /** A file in it keeps the component of that name from being started. */
  holds: string;
  kubeconfig: string;
  images: string;
  bridge: string;
  cgroup: string;
}

export function layoutOf(folder: string): Layout {
  const id = clusterId(folder);
  const runFolder = `/run/${id}`;
  return {
    folder,
    runFolder,
    containerdSocket: join(runFolder, 'containerd.sock'),
    certificates: join(folder, 'certificates'),
    logs: join(folder, 'logs'),
    machine: join(folder, 'machine'),
    etcdData: join(folder, 'etcd'),
    containerdData: join(folder, 'containerd'),
    kubeletData: join(folder, 'kubelet'),
    cniConfig: join(folder, 'cni'),
    cniData: join(folder, 'cni-addresses'),
    plan: join(folder, 'plan.json'),
    record: join(runFolder, 'processes.json'),
    holds: join(runFolder, 'holds'),
    kubeconfig: join(folder, 'kubeconfig.yaml'),
    images: join(folder, 'images.tar'),
    bridge: id,
    cgroup: `/${id}`,
  };
}

export interface Ports {
  apiServer: number;
  etcd: number;
  etcdPeer: number;
  kubelet: number;
}
