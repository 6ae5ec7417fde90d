import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { CLOSE_CODES } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { parse, stringify } from 'yaml';
import type { TestDatabase } from '../testUtils/engines';
import { createTestDatabase } from '../testUtils/engines';
import { PostgresServer } from '../testUtils/PostgresServer';
import { eventually, RealCluster } from '../testUtils/RealCluster';
import { TcpProxy } from '../testUtils/TcpProxy';
import { TestBackend } from '../testUtils/TestBackend';
import type { TestTerminal } from '../testUtils/TestTerminal';

jest.setTimeout(240_000);

/** Five seconds are promised; the rest is for a machine that does many other things. */
const SOON_MS = 9_000;

describe('a back end that is cut off while terminals are open', () => {
  let cluster: RealCluster;
  let line: TcpProxy;
  let server: PostgresServer;
  let database: TestDatabase;
  let backend: TestBackend;
  let asked: AccessRequestDetail;
  let place: { namespace: string; pod: string; container: string };

  beforeAll(async () => {
    cluster = await RealCluster.connect();
    const kubeconfig = parse(await readFile(cluster.kubeconfig, 'utf8'));
    const [{ cluster: entry }] = kubeconfig.clusters;
    line = await TcpProxy.start(entry.server);
    entry.server = `https://127.0.0.1:${line.port}`;
    const file = join(cluster.folder, 'through-the-line.yaml');
    await writeFile(file, stringify(kubeconfig));
    server = await PostgresServer.start();
    database = await createTestDatabase('postgres', server.address);
    backend = await TestBackend.start({
      kubernetesAccess: { clusters: [{ name: 'test', kubeconfig: { file } }] },
      database,
    });
    await reachable();
    asked = await backend.ask('ada');
    await backend.approve('olga', asked);
    await active();
    const { body } = await backend.get('ada', `/requests/${asked.id}/pods`);
    const [{ namespace, name: pod }] = body.items;
    place = { namespace, pod, container: 'app' };
  });

  afterAll(async () => {
    try {
      line?.mend();
      await server?.resume();
      if (asked) {
        await takeBack();
      }
    } finally {
      await backend?.stop();
      await database?.close();
      await server?.stop();
      await line?.stop();
      await cluster?.close();
    }
  });

  async function reachable(): Promise<void> {
    await eventually(async () => {
      const { body } = await backend.get(
        'ada',
        '/entities/component/default/payments-api/access',
      );
      expect(body.targets[0].problem).toBeUndefined();
    }, 60_000);
  }

  async function active(): Promise<void> {
    await eventually(async () =>
      expect((await backend.see('ada', asked.id)).phase).toBe('Active'),
    );
  }

  async function takeBack(): Promise<void> {
    await eventually(async () => {
      const { status } = await backend.post(
        'ada',
        `/requests/${asked.id}/cancel`,
      );
      expect([200, 409]).toContain(status);
    }, 30_000);
    await eventually(
      async () => expect(await cluster.grantObjects(asked.id)).toEqual([]),
      60_000,
    );
  }

  async function openTerminal(): Promise<TestTerminal> {
    return eventually(async () => {
      const terminal = backend.connect(
        await backend.ticket('ada', asked.id, place),
      );
      await eventually(() =>
        expect(terminal.messages[0]).toMatchObject({ type: 'ready' }),
      );
      return terminal;
    }, 60_000);
  }

  it('from its database, which hangs: it closes them, opens none, and goes on when the database does', async () => {
    const terminal = await openTerminal();
    const cutAt = Date.now();
    await server.pause();
    const { code, at } = await terminal.closed;
    expect(code).toBe(CLOSE_CODES.goingAway);
    expect(at - cutAt).toBeLessThan(SOON_MS);
    expect(at - cutAt).toBeGreaterThan(1_000);
    const refused = await backend.post(
      'ada',
      `/requests/${asked.id}/sessions`,
      {
        ...place,
        columns: 80,
        rows: 24,
      },
    );
    expect(refused.status).toBe(503);
    await server.resume();
    const next = await openTerminal();
    next.type('echo $((6*7))\r');
    await next.expectOutput(/42/);
    next.close();
    await eventually(async () => {
      const { sessions } = await backend.see('ada', asked.id);
      expect(sessions.map(({ state }) => state)).toEqual(['closed', 'closed']);
    }, 30_000);
  });

  it.each(['cut', 'swallow'] as const)(
    'from the cluster, by a line that is %s: it closes them, opens none, and goes on when the line does',
    async fault => {
      const terminal = await openTerminal();
      const cutAt = Date.now();
      line[fault]();
      const { code, at } = await terminal.closed;
      expect([CLOSE_CODES.goingAway, CLOSE_CODES.upstream]).toContain(code);
      expect(at - cutAt).toBeLessThan(SOON_MS);
      const refused = await backend.post(
        'ada',
        `/requests/${asked.id}/sessions`,
        { ...place, columns: 80, rows: 24 },
      );
      expect(refused.status).toBe(503);
      line.mend();
      const next = await openTerminal();
      next.close();
    },
  );
});
