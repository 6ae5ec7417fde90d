import { existsSync, promises as fs } from 'node:fs';
import { backendKubeconfig } from '../../chart/backendKubeconfig';
import { installChart } from '../../chart/installChart';
import { Cluster } from '../../Cluster';
import { BUILT_IMAGES } from '../../images/sampleImages';
import { kubectl } from '../../kubectl';
import { deploySamples } from '../../samples/deploySamples';
import { loadCluster, startCluster, stopCluster } from '../../startCluster';

// Where nothing is compiled yet, the first start takes minutes.
const COMPILING_MS = 20 * 60_000;
jest.setTimeout(240_000);

const name = `test-external-${process.pid}`;
const hostName = `test-host-${process.pid}`;

const namespacesOf = async (cluster: Cluster) =>
  (
    await kubectl(cluster, [
      'get',
      'namespaces',
      '--output=jsonpath={.items[*].metadata.name}',
    ])
  ).split(' ');

describe('a cluster of the user’s own', () => {
  let host: Cluster;
  let cluster: Cluster;

  beforeAll(async () => {
    host = await startCluster({ name: hostName });
    await kubectl(host, ['create', 'namespace', 'their-own']);
    cluster = await startCluster({
      name,
      provider: 'external',
      kubeconfig: host.info.kubeconfig,
      context: hostName,
      image: BUILT_IMAGES.shell,
    });
  }, COMPILING_MS);

  afterAll(async () => {
    await stopCluster(name);
    await stopCluster(hostName);
  });

  it('is used through a private copy of the one context', async () => {
    expect(cluster.info.kubeconfig).not.toBe(host.info.kubeconfig);
    expect((await fs.stat(cluster.info.kubeconfig)).mode & 0o077).toBe(0);
    expect(await namespacesOf(cluster)).toContain('their-own');
    expect((await loadCluster(name))?.info).toEqual(cluster.info);
  });

  it('gets the samples that its image can stand for, and is told of the others', async () => {
    const lines: string[] = [];

    await deploySamples(cluster, line => lines.push(line));

    const deployments = await kubectl(cluster, [
      'get',
      'deployments',
      '--all-namespaces',
      '--output=jsonpath={.items[*].metadata.name}',
    ]);
    expect(deployments.split(' ').sort()).toEqual([
      'legacy-batch',
      'payments-api',
      'storefront-web',
    ]);
    expect(lines.filter(line => line.includes('is left out'))).toHaveLength(4);
  });

  it('gets the chart, and the back end its rights and no more', async () => {
    await installChart(cluster, {
      sets: { targetNamespaces: '{payments,storefront}' },
    });
    const kubeconfig = await backendKubeconfig(cluster);

    expect((await fs.stat(kubeconfig)).mode & 0o077).toBe(0);
    const backend = { info: { ...cluster.info, kubeconfig } };
    expect(
      await kubectl(backend, [
        'auth',
        'whoami',
        '--output=jsonpath={.status.userInfo.username}',
      ]),
    ).toBe('system:serviceaccount:kubernetes-access:kubernetes-access-backend');
    expect(
      await kubectl(backend, ['get', 'pods', '-n', 'payments', '-o', 'name']),
    ).toContain('pod/payments-api-');
    await expect(
      kubectl(backend, ['get', 'pods', '--namespace=legacy']),
    ).rejects.toThrow('Forbidden');
  });

  it('is left as it was, and goes on running', async () => {
    await cluster.stop();
    await expect(
      kubectl(host, [
        'get',
        'serviceaccount',
        'kubernetes-access-backend',
        '-n',
        'kubernetes-access',
      ]),
    ).rejects.toThrow('NotFound');

    expect(await namespacesOf(host)).toEqual(
      expect.arrayContaining(['default', 'their-own']),
    );
    expect(await namespacesOf(host)).not.toContain('payments');
    expect(await namespacesOf(host)).not.toContain('kubernetes-access');
    expect(await loadCluster(name)).toBeUndefined();
    expect(existsSync(cluster.info.folder)).toBe(false);
  });

  it('keeps namespaces of its own that have a name of ours', async () => {
    await kubectl(host, ['create', 'namespace', 'payments']);
    cluster = await startCluster({
      name,
      provider: 'external',
      kubeconfig: host.info.kubeconfig,
      context: hostName,
    });

    await expect(deploySamples(cluster)).rejects.toThrow(
      'namespaces already that would have to be ours: payments',
    );

    await cluster.stop();
    expect(await namespacesOf(host)).toContain('payments');
  });

  it('keeps a chart that somebody else installed', async () => {
    await installChart(host);
    await kubectl(host, [
      'label',
      'namespace',
      'kubernetes-access',
      'app.kubernetes.io/part-of-',
    ]);
    const options = {
      name,
      provider: 'external',
      kubeconfig: host.info.kubeconfig,
      context: hostName,
    } as const;
    cluster = await startCluster(options);

    await expect(installChart(cluster)).rejects.toThrow(
      'would have to be ours: kubernetes-access',
    );

    await cluster.stop();
    expect(await backendKubeconfig(host)).toBeTruthy();
  });

  it('is taken anew when another image is wanted', async () => {
    const withImage = (image?: string) =>
      startCluster({
        name,
        provider: 'external',
        kubeconfig: host.info.kubeconfig,
        context: hostName,
        image,
      });
    cluster = await withImage();

    const again = await withImage(BUILT_IMAGES.nonroot);

    expect(again.info.images).toEqual({ shell: BUILT_IMAGES.nonroot });
    await again.stop();
  });

  it('must have the context that was named', async () => {
    await expect(
      startCluster({
        name,
        provider: 'external',
        kubeconfig: host.info.kubeconfig,
        context: 'elsewhere',
      }),
    ).rejects.toThrow(
      `there is no context 'elsewhere' in ${host.info.kubeconfig}; it has ${hostName}`,
    );
  });

  it('must answer', async () => {
    const kubeconfig = await fs.readFile(host.info.kubeconfig, 'utf8');
    const silent = `${host.info.kubeconfig}.silent`;
    await fs.writeFile(
      silent,
      kubeconfig.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'),
    );

    await expect(
      startCluster({
        name,
        provider: 'external',
        kubeconfig: silent,
        context: hostName,
      }),
    ).rejects.toThrow(
      `the cluster behind the context '${hostName}' does not answer`,
    );
    expect(await loadCluster(name)).toBeUndefined();
  });
});
