import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterFromEnvironment, loadCluster } from './startCluster';

describe('clusterFromEnvironment', () => {
  it('says how to get a cluster when there is none', async () => {
    await expect(clusterFromEnvironment({})).rejects.toThrow(
      'KUBERNETES_ACCESS_TEST_CLUSTER',
    );
  });

  it('says so when the cluster is gone', async () => {
    const folder = await fs.mkdtemp(join(tmpdir(), 'cluster-'));

    await expect(
      clusterFromEnvironment({
        KUBERNETES_ACCESS_TEST_CLUSTER: join(folder, 'cluster.json'),
      }),
    ).rejects.toThrow('does not answer: start it again');

    await fs.rm(folder, { recursive: true });
  });
});

describe('loadCluster', () => {
  it('finds nothing where nothing was started', async () => {
    expect(await loadCluster('never-started')).toBeUndefined();
  });
});
