import { randomUUID } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import type { Cluster } from '@kubernetes-access/dev-cluster';
import {
  backendKubeconfig,
  installChart,
  kubectl,
  startCluster,
} from '@kubernetes-access/dev-cluster';
import { parse, stringify } from 'yaml';
import { SystemClock } from '../controller';
import { ConfiguredClusters } from '../kubernetes';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import {
  GRANT_NAMESPACE,
  GrantScene,
  SCENE_NAMESPACE,
} from '../testUtils/GrantScene';
import { eventually } from '../testUtils/RealCluster';
import { TcpProxy } from '../testUtils/TcpProxy';
import { TestReplica } from '../testUtils/TestReplica';

jest.setTimeout(240_000);

describe('the names of real clusters', () => {
  const installationId = randomUUID();
  let scene: GrantScene;
  let stores: TestStores;
  let replica: TestReplica | undefined;

  beforeAll(async () => {
    scene = await GrantScene.set();
    stores = await openTestStores({
      clock: new SystemClock(),
      engine: 'sqlite',
      installationId,
    });
  });

  afterEach(async () => {
    await replica?.stop();
    replica = undefined;
  });

  afterAll(async () => {
    await stores?.close();
    await scene?.clear();
    await scene?.removeLeases(installationId);
  });

  async function start(files: Record<string, string>): Promise<TestReplica> {
    replica = await TestReplica.start({
      cluster: scene.cluster,
      stores,
      installationId,
      clusters: new ConfiguredClusters({
        clusters: Object.entries(files).map(([name, file]) => ({
          name,
          title: name,
          credential: { kind: 'kubeconfig' as const, file },
          grantNamespace: GRANT_NAMESPACE,
        })),
        clock: new SystemClock(),
        logger: mockServices.logger.mock(),
      }),
    });
    return replica;
  }

  it('are noticed when two of them lead to one cluster, which is looked after once', async () => {
    const file = scene.cluster.kubeconfig;
    const { clusters, controller } = await start({ one: file, two: file });
    await eventually(() => {
      const [known, refused] = clusters
        .health()
        .sort((a, b) => a.state.localeCompare(b.state));
      expect(known).toMatchObject({ state: 'ready' });
      expect(refused).toMatchObject({
        state: 'unsupported',
        message: expect.stringContaining(
          `is the same cluster as '${known.name}'`,
        ),
      });
      expect(controller.leads()).toEqual([known.name]);
    });
    const { id } = await scene.grant(stores);
    expect(await scene.objects(id)).toHaveLength(3);
    await scene.revoke(stores, id);
    await scene.removed(stores, id);
  });

  describe('when one of them comes to lead to another cluster', () => {
    let second: Cluster;
    let line: TcpProxy;

    beforeAll(async () => {
      second = await startCluster({
        name: `names-${process.pid}`,
        withoutNode: true,
      });
      await kubectl(second, ['create', 'namespace', SCENE_NAMESPACE]);
      await installChart(second, {
        sets: { targetNamespaces: `{${SCENE_NAMESPACE}}` },
      });
    });

    afterAll(async () => {
      await line?.stop();
      await second?.stop();
    });

    /** The way to the first cluster, which can be cut. */
    async function kubeconfigThroughTheLine(): Promise<string> {
      const kubeconfig = parse(
        await readFile(scene.cluster.kubeconfig, 'utf8'),
      );
      const [{ cluster: entry }] = kubeconfig.clusters;
      line = await TcpProxy.start(entry.server);
      entry.server = `https://127.0.0.1:${line.port}`;
      const file = join(scene.cluster.folder, 'line.yaml');
      await writeFile(file, stringify(kubeconfig));
      return file;
    }

    it('nothing of the first is done in the second, and what stands in the first is taken back when it is there again', async () => {
      const first = await kubeconfigThroughTheLine();
      const file = join(scene.cluster.folder, 'moving.yaml');
      await copyFile(first, file);
      const { clusters, controller, connection } = await start({ test: file });
      const request = await scene.grant(stores);
      const pending = await scene.ask(stores);
      await scene.shown(stores, pending.id);

      await copyFile(await backendKubeconfig(second), file);
      line.cut();
      await eventually(() => {
        expect(clusters.byName('test').uid).not.toBe(connection.uid);
        expect(controller.leads()).toEqual(['test']);
      }, 60_000);
      await scene.approve(stores, pending.id);
      await scene.revoke(stores, request.id);
      await new Promise(resolve => setTimeout(resolve, 2_000));
      const inSecond = await kubectl(second, [
        'get',
        'accessrequests,roles,rolebindings,serviceaccounts',
        '--all-namespaces',
        `--selector=kubernetes-access.io/installation=${installationId}`,
        '--output=name',
      ]);
      expect(inSecond.trim()).toBe('');
      expect(clusters.byUid(connection.uid)).toBeUndefined();
      await expect(
        controller.ensurePod(request, SCENE_NAMESPACE, scene.pods[0]),
      ).rejects.toThrow(/cannot be reached now/);
      const { observed } = await scene.see(stores, request.id);
      expect(observed.removal.state).not.toBe('removed');
      expect(await scene.objects(request.id)).toHaveLength(3);

      await replica?.stop();
      line.mend();
      await start({ test: first });
      await scene.removed(stores, request.id);
      await scene.granted(stores, pending.id);
    });
  });
});
