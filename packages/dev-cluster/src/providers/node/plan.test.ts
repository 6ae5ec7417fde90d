import { clusterId } from '../../folders';
import { cniConfig, containerdConfig } from './containerRuntime';
import { kubeletConfig } from './kubelet';
import { layoutOf } from './layout';
import { podNetwork } from './network';
import { PlanInput, planCluster } from './plan';

const folder = '/home/somebody/.cache/kubernetes-access/clusters/dev';
const layout = layoutOf(folder);
const ports = {
  apiServer: 40001,
  etcd: 40002,
  etcdPeer: 40003,
  kubelet: 40004,
};
const network = podNetwork(7);

const aPlan = (overrides: Partial<PlanInput> = {}) =>
  planCluster({
    layout,
    ports,
    components: '/components',
    auditLog: false,
    node: { network, containerd: '/usr/bin/containerd' },
    ...overrides,
  });

const commandOf = (name: string, plan = aPlan()) =>
  plan.processes.find(process => process.name === name)!.command;

describe('the plan of a cluster', () => {
  it('has all components, and those that need the API server wait for it', () => {
    const waiting = aPlan().processes.map(({ name, after }) => [name, after]);

    expect(waiting).toEqual([
      ['etcd', undefined],
      ['kube-apiserver', undefined],
      ['kube-controller-manager', '127.0.0.1:40001'],
      ['containerd', undefined],
      ['kubelet', '127.0.0.1:40001'],
      ['kube-scheduler', '127.0.0.1:40001'],
    ]);
  });

  it('is a control plane that touches nothing of the machine where there is no node', () => {
    const { processes, folders, files } = aPlan({ node: undefined });

    expect(processes.map(({ name }) => name)).toEqual([
      'etcd',
      'kube-apiserver',
      'kube-controller-manager',
    ]);
    expect([folders, files]).toEqual([{}, {}]);
  });

  it('lets each component be held back on its own', () => {
    const holds = aPlan().processes.map(({ hold }) => hold);

    expect(holds).toContain(`${layout.runFolder}/holds/kube-apiserver`);
    expect(new Set(holds).size).toBe(holds.length);
  });

  it('listens on the loopback address only', () => {
    expect(commandOf('kube-apiserver')).toContain('--bind-address=127.0.0.1');
    expect(commandOf('etcd')).toContain(
      '--listen-client-urls=https://127.0.0.1:40002',
    );
    expect(commandOf('etcd')).toContain(
      '--listen-peer-urls=https://127.0.0.1:40003',
    );
    expect(commandOf('kube-controller-manager')).toContain('--secure-port=0');
    expect(commandOf('kube-scheduler')).toContain('--secure-port=0');
    expect(kubeletConfig(layout, ports)).toMatchObject({
      address: '127.0.0.1',
      readOnlyPort: 0,
      healthzPort: 0,
    });
    expect(containerdConfig(layout, '/usr/lib/cni')).toContain(
      'stream_server_address = "127.0.0.1"',
    );
  });

  it('lets nobody in without a certificate or a token', () => {
    expect(commandOf('etcd')).toContain('--client-cert-auth=true');
    expect(commandOf('kube-apiserver')).toContain(
      '--authorization-mode=Node,RBAC',
    );
    expect(kubeletConfig(layout, ports)).toMatchObject({
      authentication: { anonymous: { enabled: false } },
      authorization: { mode: 'Webhook' },
    });
  });

  it('writes an audit log only where it is asked for', () => {
    const auditFlags = (plan = aPlan()) =>
      commandOf('kube-apiserver', plan).filter(flag => flag.includes('audit'));

    expect(auditFlags()).toEqual([]);
    expect(auditFlags(aPlan({ auditLog: true }))).toContain(
      `--audit-log-path=${folder}/logs/audit.log`,
    );
  });

  it('gives the cluster its own copies of what is the machine’s, each in its own place', () => {
    const { folders, files } = aPlan();
    const standIns = [...Object.values(folders), ...Object.values(files)];

    expect(new Set(standIns).size).toBe(standIns.length);
    expect(standIns.every(path => path.startsWith(`${folder}/`))).toBe(true);
  });

  it('keeps the paths of sockets short, however deep the cache is', () => {
    const deep = layoutOf(`/very${'/deep'.repeat(60)}/clusters/dev`);

    expect(`${deep.containerdSocket}.ttrpc`.length).toBeLessThan(108);
  });
});

describe('the pods’ network', () => {
  it('is a link and a range of the cluster’s own that leads nowhere else', () => {
    expect(cniConfig(layout, network)).toMatchObject({
      name: clusterId(folder),
      plugins: [
        {
          type: 'bridge',
          bridge: clusterId(folder),
          ipMasq: false,
          ipam: {
            dataDir: `${folder}/cni-addresses`,
            ranges: [[{ subnet: '10.253.7.0/24', gateway: '10.253.7.1' }]],
          },
        },
        { type: 'loopback' },
      ],
    });
    expect(commandOf('kubelet')).toContain('--node-ip=10.253.7.1');
  });
});
