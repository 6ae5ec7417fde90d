import { Agent, request } from 'node:https';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { backendKubeconfig } from '../../chart/backendKubeconfig';
import { installChart } from '../../chart/installChart';
import { Cluster } from '../../Cluster';
import { kubectl } from '../../kubectl';
import { loadCluster, startCluster, stopCluster } from '../../startCluster';
import { ComponentControls } from './ComponentControls';
import { kubeconfigPort } from './kubeconfig';
import { layoutOf } from './layout';

// Where nothing is compiled yet, the first start takes minutes.
const COMPILING_MS = 20 * 60_000;
jest.setTimeout(240_000);

const name = `test-plane-${process.pid}`;

describe('a cluster without a node', () => {
  let cluster: Cluster;
  let controls: ComponentControls;

  beforeAll(async () => {
    cluster = await startCluster({ name, withoutNode: true });
    controls = new ComponentControls(cluster.info);
  }, COMPILING_MS);

  afterAll(() => stopCluster(name));

  /** What a client with a second of patience gets: a status code, or how the connection failed. */
  async function knock(): Promise<number | string> {
    const layout = layoutOf(cluster.info.folder);
    const [ca, cert, key] = ['ca.crt', 'admin.crt', 'admin.key'].map(file =>
      readFileSync(join(layout.certificates, file)),
    );
    const port = await kubeconfigPort(layout);
    return new Promise(resolve => {
      const asked = request(
        {
          host: '127.0.0.1',
          port,
          path: '/readyz',
          agent: new Agent({ ca, cert, key }),
          signal: AbortSignal.timeout(1_000),
        },
        response => resolve(response.resume().statusCode!),
      );
      asked.on('error', error =>
        resolve((error as NodeJS.ErrnoException).code!),
      );
      asked.end();
    });
  }

  it('is an API server with neither nodes nor anything of the machine’s', async () => {
    expect(await kubectl(cluster, ['get', 'nodes', '--output=name'])).toBe('');
    expect(cluster.info).toMatchObject({ provider: 'node', withoutNode: true });
  });

  it('takes the chart', async () => {
    await kubectl(cluster, ['create', 'namespace', 'payments']);
    await installChart(cluster, { sets: { targetNamespaces: '{payments}' } });
    await backendKubeconfig(cluster);
    expect(
      await kubectl(cluster, ['get', 'accessrequests', '--output=name']),
    ).toBe('');
  });

  it('is found again by name, and is not what somebody gets who wants a node', async () => {
    expect((await loadCluster(name))?.info).toEqual(cluster.info);
    const again = await startCluster({ name, withoutNode: true });
    expect(again.info).toEqual(cluster.info);
  });

  it('hangs while its API server is paused, and goes on afterwards', async () => {
    await controls.pause('kube-apiserver');
    try {
      expect(await knock()).toBe('ABORT_ERR');
    } finally {
      await controls.resume('kube-apiserver');
    }
    expect(await knock()).toBe(200);
  });

  it('refuses connections while its API server is stopped, and knows everything afterwards', async () => {
    await controls.stop('kube-apiserver');
    expect(await knock()).toBe('ECONNREFUSED');
    await controls.start('kube-apiserver');
    expect(await knock()).toBe(200);
    expect(
      await kubectl(cluster, ['get', 'namespaces', '--output=name']),
    ).toContain('namespace/payments');
  });

  it('is mended in one call, whatever is broken', async () => {
    await controls.stop('etcd');
    await controls.pause('kube-apiserver');
    await controls.mend();
    expect(await knock()).toBe(200);
  });

  it('says so when there is no such component', async () => {
    await expect(controls.pause('kubelet')).rejects.toThrow(
      `the cluster '${name}' has no component kubelet`,
    );
  });
});

describe('a cluster of somebody else’s', () => {
  it('is left alone', () => {
    expect(
      () =>
        new ComponentControls({
          name: 'theirs',
          provider: 'external',
        } as never),
    ).toThrow('not ours to stop');
  });
});
