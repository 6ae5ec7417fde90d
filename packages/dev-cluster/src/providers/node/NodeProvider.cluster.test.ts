import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, promises as fs, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Cluster } from '../../Cluster';
import { clusterFolder, clusterId, packageFolder } from '../../folders';
import { kubectl } from '../../kubectl';
import { ProcessIdentity } from '../../process/ProcessIdentity';
import { deploySamples } from '../../samples/deploySamples';
import { loadCluster, startCluster, stopCluster } from '../../startCluster';
import { layoutOf } from './layout';
import { cgroupsOf } from './teardown';

// Where nothing is compiled yet, the first start takes minutes.
const COMPILING_MS = 20 * 60_000;
jest.setTimeout(240_000);

const FORWARDING = '/proc/sys/net/ipv4/ip_forward';
const name = `test-${process.pid}`;
const layout = layoutOf(clusterFolder(name));

const recorded = (): Record<'outside' | 'inside', ProcessIdentity> =>
  JSON.parse(readFileSync(layout.record, 'utf8'));

/** Processes that were started with a path of the cluster on their command line. */
async function processesOf(folder: string): Promise<string[]> {
  const pids = (await fs.readdir('/proc')).filter(entry => /^\d+$/.test(entry));
  const commands = await Promise.all(
    pids.map(pid =>
      fs.readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    ),
  );
  return commands.filter(
    command =>
      command.includes(`${folder}/`) || command.includes(clusterId(folder)),
  );
}

async function leftovers(): Promise<string[]> {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter(
      line => line.includes(layout.bridge) || line.includes(layout.folder),
    );
  const paths = [
    layout.folder,
    layout.runFolder,
    `/sys/class/net/${layout.bridge}`,
  ].filter(existsSync);
  return [
    ...(await processesOf(layout.folder)),
    ...mounts,
    ...paths,
    ...(await cgroupsOf(layout)),
  ];
}

async function until(what: string, isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!isTrue()) {
    if (performance.now() > deadline) {
      throw new Error(`waited in vain until ${what}`);
    }
    await delay(10);
  }
}

function startInAnotherProcess(): ChildProcess {
  return spawn(
    process.execPath,
    [join(packageFolder, 'bin/dev-cluster.js'), 'up', '--name', name],
    { stdio: 'ignore' },
  );
}

const podIn = (cluster: Cluster, namespace: string, app: string) =>
  kubectl(cluster, [
    `--namespace=${namespace}`,
    'get',
    'pods',
    `--selector=app=${app}`,
    '--output=jsonpath={.items[0].metadata.name}',
  ]);

const execIn = (
  cluster: Cluster,
  namespace: string,
  deployment: string,
  script: string,
) =>
  kubectl(cluster, [
    `--namespace=${namespace}`,
    'exec',
    `deployment/${deployment}`,
    '--',
    'sh',
    '-c',
    script,
  ]);

describe('a cluster on this machine', () => {
  let cluster: Cluster;
  let machineForwards: string;

  beforeAll(async () => {
    machineForwards = readFileSync(FORWARDING, 'utf8');
    cluster = await startCluster({ name });
    await deploySamples(cluster);
  }, COMPILING_MS);

  afterAll(() => stopCluster(name));

  it('is Kubernetes 1.34 with one node', async () => {
    const version = JSON.parse(
      await kubectl(cluster, ['get', '--raw', '/version']),
    );
    expect(version.gitVersion).toBe('v1.34.4');
    expect(await kubectl(cluster, ['get', 'nodes', '--output=name'])).toBe(
      'node/localhost\n',
    );
  });

  it('runs commands in pods', async () => {
    expect(
      await execIn(cluster, 'payments', 'payments-api', 'echo $((6*7))'),
    ).toBe('42\n');
  });

  it('has pods of every kind that the demo tells of', async () => {
    expect(await execIn(cluster, 'payments', 'payments-worker', 'id -u')).toBe(
      '1000\n',
    );
    await expect(
      execIn(cluster, 'payments', 'payments-ledger', 'true'),
    ).rejects.toThrow('executable file not found');
    const logs = await kubectl(cluster, [
      '--namespace=storefront',
      'logs',
      'deployment/storefront-logger',
    ]);
    expect(logs).toContain('\u001b[32mINFO');
    await kubectl(cluster, [
      '--namespace=storefront',
      'wait',
      '--for=jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}=1',
      `pod/${await podIn(cluster, 'storefront', 'storefront-import')}`,
      '--timeout=60s',
    ]);
  });

  it('hides its keys from other people', async () => {
    for (const file of [
      cluster.info.kubeconfig,
      join(layout.folder, 'cluster.json'),
    ]) {
      expect((await fs.stat(file)).mode & 0o077).toBe(0);
    }
    expect((await fs.stat(layout.folder)).mode & 0o077).toBe(0);
  });

  it('leaves the settings of the machine alone', () => {
    const inTheCluster = (setting: string) =>
      execFileSync(
        'nsenter',
        [`--target=${recorded().inside.pid}`, '--mount', 'cat', setting],
        { encoding: 'utf8' },
      ).trim();

    expect(inTheCluster(FORWARDING)).toBe('1');
    expect(readFileSync(FORWARDING, 'utf8')).toBe(machineForwards);
    for (const setting of [
      '/run/netns',
      '/var/lib/kubelet',
      '/run/containerd',
    ]) {
      expect(
        readFileSync('/proc/self/mountinfo', 'utf8').includes(` ${setting}`),
      ).toBe(false);
    }
  });

  it('is found again by name, and starting it twice changes nothing', async () => {
    const before = recorded();

    expect((await loadCluster(name))?.info).toEqual(cluster.info);
    expect((await startCluster({ name })).info).toEqual(cluster.info);
    expect(recorded()).toEqual(before);
  });

  it('has a neighbour whose stop does not touch it', async () => {
    const other = await startCluster({ name: `${name}-b` });
    expect(
      await kubectl(other, ['get', 'namespaces', '--output=name']),
    ).not.toContain('payments');
    await other.stop();

    expect(await loadCluster(`${name}-b`)).toBeUndefined();
    expect(
      await execIn(cluster, 'payments', 'payments-api', 'echo still here'),
    ).toBe('still here\n');
  });

  it.each(['outside', 'inside'] as const)(
    'starts anew after a kill -9 of the process %s',
    async which => {
      process.kill(recorded()[which].pid, 'SIGKILL');
      await until(
        'it is dead',
        () => !existsSync(`/proc/${recorded().inside.pid}`),
      );
      expect(await processesOf(layout.folder)).toEqual([]);
      expect(await loadCluster(name)).toBeUndefined();

      cluster = await startCluster({ name });

      await deploySamples(cluster);
      expect(
        await execIn(cluster, 'payments', 'payments-api', 'echo $((6*7))'),
      ).toBe('42\n');
    },
  );

  it.each([
    ['at its beginning', () => existsSync(`${layout.folder}.lock`)],
    [
      'when it makes the network',
      () => existsSync(`/sys/class/net/${layout.bridge}`),
    ],
    ['when it starts the components', () => existsSync(layout.record)],
    ['when containers can run', () => existsSync(layout.containerdSocket)],
  ])('starts anew after a kill -9 of a start %s', async (moment, hasCome) => {
    await stopCluster(name);
    const child = startInAnotherProcess();
    await until(moment, hasCome);
    child.kill('SIGKILL');
    await once(child, 'exit');

    cluster = await startCluster({ name });

    expect(await kubectl(cluster, ['get', 'nodes', '--output=name'])).toBe(
      'node/localhost\n',
    );
  });

  it('takes everything back when a start is interrupted', async () => {
    await stopCluster(name);
    const child = startInAnotherProcess();
    await until('components start', () => existsSync(layout.record));
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');

    expect(code).toBe(1);
    expect(await leftovers()).toEqual([]);
  });

  it('leaves nothing behind when it is stopped', async () => {
    cluster = await startCluster({ name });
    await deploySamples(cluster);
    expect(await leftovers()).not.toEqual([]);

    await cluster.stop();

    expect(await leftovers()).toEqual([]);
    expect(await loadCluster(name)).toBeUndefined();
  });
});
