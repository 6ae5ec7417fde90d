import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CLOSE_CODES } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { parse, stringify } from 'yaml';
import { eventually, RealCluster } from '../testUtils/RealCluster';
import { TcpProxy } from '../testUtils/TcpProxy';
import { TestBackend } from '../testUtils/TestBackend';

jest.setTimeout(240_000);

describe('the back end while a cluster cannot be reached', () => {
  let cluster: RealCluster;
  let line: TcpProxy;
  let backend: TestBackend;

  beforeAll(async () => {
    cluster = await RealCluster.connect();
    const kubeconfig = parse(await readFile(cluster.kubeconfig, 'utf8'));
    const [{ cluster: entry }] = kubeconfig.clusters;
    line = await TcpProxy.start(entry.server);
    entry.server = `https://127.0.0.1:${line.port}`;
    const file = join(cluster.folder, 'through-the-line.yaml');
    await writeFile(file, stringify(kubeconfig));
    backend = await TestBackend.start({
      kubernetesAccess: { clusters: [{ name: 'test', kubeconfig: { file } }] },
    });
    await reachable();
  });

  afterAll(async () => {
    await backend?.stop();
    await line?.stop();
    await cluster?.close();
  });

  async function reachable(): Promise<void> {
    await eventually(async () => {
      const { body } = await backend.get(
        'ada',
        '/entities/component/default/payments-api/access',
      );
      expect(body.targets?.[0]?.pods).not.toEqual([]);
      expect(body.targets[0].problem).toBeUndefined();
    }, 60_000);
  }

  it('ends at once what it can end, says what it cannot, and makes up for it afterwards', async () => {
    const asked = await backend.ask('ada');
    await backend.approve('olga', asked);
    await eventually(async () =>
      expect((await backend.see('ada', asked.id)).phase).toBe('Active'),
    );
    const { body } = await backend.get('ada', `/requests/${asked.id}/pods`);
    const [{ namespace, name: pod }] = body.items;
    const terminal = backend.connect(
      await backend.ticket('ada', asked.id, {
        namespace,
        pod,
        container: 'app',
      }),
    );
    await eventually(() =>
      expect(terminal.messages[0]).toMatchObject({ type: 'ready' }),
    );

    line.cut();
    expect((await terminal.closed).code).toBe(CLOSE_CODES.upstream);
    const revoked = await backend.post('olga', `/requests/${asked.id}/revoke`);
    expect(revoked.status).toBe(200);
    await eventually(async () => {
      const { phase, removal } = await backend.see('ada', asked.id);
      expect(phase).toBe('Revoked');
      expect(removal).toMatchObject({
        state: 'failing',
        message: expect.any(String),
      });
    });
    expect(await cluster.grantObjects(asked.id)).toHaveLength(3);

    line.mend();
    await eventually(async () => {
      const { removal } = await backend.see('ada', asked.id);
      expect(removal).toMatchObject({ state: 'removed' });
    }, 60_000);
    expect(await cluster.grantObjects(asked.id)).toEqual([]);
  });

  it('goes on where it stopped once the cluster answers again', async () => {
    await reachable();
    const asked = await backend.ask('ada');
    line.cut();
    // To say no, nobody needs the cluster.
    const denied = await backend.post('olga', `/requests/${asked.id}/deny`, {
      digest: asked.digest,
      comment: 'Please use the test cluster for this.',
    });
    expect(denied.status).toBe(200);
    line.mend();
    await reachable();
    await eventually(async () => {
      const phase = await cluster.kubectl([
        'get',
        'accessrequest',
        `ar-${asked.id}`,
        '--ignore-not-found',
        '--output=jsonpath={.status.phase}',
      ]);
      expect(['', 'Denied']).toContain(phase);
      expect((await backend.see('ada', asked.id)).removal).toMatchObject({
        state: 'removed',
      });
    }, 60_000);
    expect(await cluster.grantObjects(asked.id)).toEqual([]);
  });
});
