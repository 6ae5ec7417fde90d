import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import {
  CONTRACT_ANNOTATION,
  CONTRACT_VERSION,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { ClusterOptions } from '../config/types';
import { FakeApiServer } from '../testUtils/FakeApiServer';
import { ManualClock } from '../testUtils/ManualClock';
import { ConfiguredClusters } from './ConfiguredClusters';
import { KubeConnectionError } from './errors';
import { accessRequestDefinitionPath, namespacePath } from './paths';
import type { ClusterConnection, ClusterHealth } from './types';

const KUBE_SYSTEM = namespacePath('kube-system');

describe('ConfiguredClusters', () => {
  let clock: ManualClock;
  let logger: ReturnType<typeof mockServices.logger.mock>;
  let ready: ClusterConnection[];
  let clusters: ConfiguredClusters;
  const servers: FakeApiServer[] = [];

  beforeEach(() => {
    clock = new ManualClock();
    logger = mockServices.logger.mock();
    ready = [];
  });

  afterEach(async () => {
    await clusters.stop();
    await Promise.all(servers.splice(0).map(server => server.stop()));
  });

  /** An API server that has everything that the back end needs. */
  async function anApiServer(uid: string): Promise<FakeApiServer> {
    const server = await FakeApiServer.start();
    servers.push(server);
    return server
      .on('GET', '/version', { major: '1', minor: '34' })
      .on('GET', accessRequestDefinitionPath(), {
        metadata: { annotations: { [CONTRACT_ANNOTATION]: CONTRACT_VERSION } },
      })
      .on('GET', KUBE_SYSTEM, { metadata: { name: 'kube-system', uid } });
  }

  function named(name: string, server: { url: string }): ClusterOptions {
    return {
      name,
      title: `The ${name} cluster`,
      grantNamespace: 'grants',
      credential: {
        kind: 'token',
        server: server.url,
        skipTlsVerify: true,
        serviceAccountToken: 'token',
      },
    };
  }

  function start(...options: ClusterOptions[]): void {
    clusters = new ConfiguredClusters({
      clusters: options,
      clock,
      logger,
      random: () => 0,
    });
    clusters.onReady(connection => ready.push(connection));
    clusters.start();
  }

  /** Waits for what real connections bring about, while the clock stands still. */
  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise(resolve => setTimeout(resolve, 2));
    }
  }

  function stateOf(name: string): ClusterHealth['state'] | undefined {
    return clusters.health().find(health => health.name === name)?.state;
  }

  /** Lets the clock run until the cluster is in that state. */
  async function untilState(
    name: string,
    state: ClusterHealth['state'],
  ): Promise<void> {
    while (stateOf(name) !== state) {
      await clock.advance(1_000);
      await new Promise(resolve => setTimeout(resolve, 2));
    }
  }

  it('connects and knows a cluster by the UID of its kube-system', async () => {
    start(named('demo', await anApiServer('uid-1')));
    expect(clusters.health()).toEqual([
      { name: 'demo', title: 'The demo cluster', state: 'connecting' },
    ]);

    await until(() => ready.length === 1);

    expect(ready[0]).toMatchObject({
      name: 'demo',
      title: 'The demo cluster',
      uid: 'uid-1',
      grantNamespace: 'grants',
    });
    expect(stateOf('demo')).toBe('ready');
    expect(clusters.byName('demo')).toBe(ready[0]);
    expect(clusters.byUid('uid-1')).toBe(ready[0]);
    expect(clusters.byUid('uid-2')).toBeUndefined();
  });

  it('says of a name that there is no such cluster, or that it is not ready', async () => {
    start(named('demo', { url: 'http://127.0.0.1:1' }));

    expect(() => clusters.byName('nope')).toThrow("There is no cluster 'nope'");
    expect(() => clusters.byName('demo')).toThrow(
      "Cluster 'The demo cluster' is still being connected to",
    );

    await until(() => stateOf('demo') === 'unreachable');
    expect(() => clusters.byName('demo')).toThrow(
      "Cluster 'The demo cluster' does not answer.",
    );
  });

  it('tells who asks late of what is ready already', async () => {
    start(named('demo', await anApiServer('uid-1')));
    await until(() => ready.length === 1);

    const late: string[] = [];
    clusters.onReady(({ name }) => late.push(name));

    expect(late).toEqual(['demo']);
  });

  it('is ready by name and UID when it says that it is', async () => {
    start(named('demo', await anApiServer('uid-1')));
    const found: unknown[] = [];
    clusters.onReady(({ name, uid }) =>
      found.push(clusters.byName(name), clusters.byUid(uid)),
    );

    await until(() => found.length === 2);

    expect(found).toEqual([ready[0], ready[0]]);
  });

  it('goes on when somebody who waited for a cluster fails', async () => {
    start(named('demo', await anApiServer('uid-1')));
    clusters.onReady(() => {
      throw new Error('no');
    });
    const told: string[] = [];
    clusters.onReady(({ name }) => told.push(name));

    await until(() => told.length === 1);

    expect(stateOf('demo')).toBe('ready');
    expect(logger.error).toHaveBeenCalledTimes(1);
  });

  it('keeps everybody from a cluster that must not be used, and says why', async () => {
    start(
      named('demo', await anApiServer('uid-1')),
      named('other', await anApiServer('uid-2')),
    );
    await until(() => ready.length === 2);

    clusters.suspend('uid-1', 'It is closed.');

    expect(clusters.health()).toEqual([
      expect.objectContaining({ state: 'suspended', message: 'It is closed.' }),
      expect.objectContaining({ state: 'ready' }),
    ]);
    expect(() => clusters.byName('demo')).toThrow('It is closed.');
    expect(clusters.byUid('uid-1')).toBeUndefined();
    expect(clusters.byUid('uid-2')).toBeDefined();
    clusters.suspend('uid-1', undefined);
    expect(clusters.byName('demo').uid).toBe('uid-1');
    expect(stateOf('demo')).toBe('ready');
  });

  it('lets a cluster that is down delay no other one', async () => {
    const silent = await FakeApiServer.start();
    servers.push(silent);
    silent.on('GET', '/version', () => {});
    start(named('silent', silent), named('demo', await anApiServer('uid-1')));

    await until(() => ready.length === 1);

    expect(ready[0].name).toBe('demo');
    expect(stateOf('silent')).toBe('connecting');
  });

  it('keeps trying, and is ready once the cluster is', async () => {
    const server = await anApiServer('uid-1');
    server.refuse('GET', '/version', {
      code: 503,
      reason: 'ServiceUnavailable',
      message: 'starting',
    });
    start(named('demo', server));
    await until(() => stateOf('demo') === 'unreachable');

    server.on('GET', '/version', { major: '1', minor: '34' });
    await untilState('demo', 'ready');

    expect(clusters.health()[0].message).toBeUndefined();
    expect(ready).toHaveLength(1);
  });

  it('says once, not at every try, that a cluster does not answer', async () => {
    start(named('demo', { url: 'http://127.0.0.1:1' }));
    await until(() => stateOf('demo') === 'unreachable');
    for (let minutes = 0; minutes < 3; minutes++) {
      await clock.advance(60_000);
      await new Promise(resolve => setTimeout(resolve, 20));
    }

    expect(logger.warn).toHaveBeenCalledTimes(1);
  });

  it.each([
    [
      'an old Kubernetes',
      '/version',
      { major: '1', minor: '31+' },
      "Cluster 'The demo cluster' runs Kubernetes 1.31; version 1.32 or newer is needed.",
    ],
    [
      'a chart that is too old',
      accessRequestDefinitionPath(),
      { metadata: { annotations: { [CONTRACT_ANNOTATION]: '1' } } },
      "Cluster 'The demo cluster' has a chart that is too old (contract 1, this back end needs 2); install the chart that comes with this back end.",
    ],
    [
      'a chart that says nothing',
      accessRequestDefinitionPath(),
      { metadata: {} },
      "Cluster 'The demo cluster' has a chart that is too old (contract unknown, this back end needs 2); install the chart that comes with this back end.",
    ],
  ])('refuses a cluster with %s', async (_, path, answer, message) => {
    const server = await anApiServer('uid-1');
    server.on('GET', path, answer);
    start(named('demo', server));

    await until(() => stateOf('demo') === 'unsupported');

    expect(clusters.health()[0].message).toBe(message);
    expect(() => clusters.byName('demo')).toThrow(message);
    expect(ready).toEqual([]);
  });

  it('uses a cluster whose chart was upgraded before the back end', async () => {
    const server = await anApiServer('uid-1');
    server.on('GET', accessRequestDefinitionPath(), {
      metadata: { annotations: { [CONTRACT_ANNOTATION]: '99' } },
    });
    start(named('demo', server));

    await until(() => stateOf('demo') === 'ready');

    expect(clusters.health()[0].message).toBeUndefined();
  });

  it.each([403, 404])(
    'asks for the chart where there is none (status %d), and sees when it is installed',
    async code => {
      const server = await anApiServer('uid-1');
      server.refuse('GET', accessRequestDefinitionPath(), {
        code,
        reason: 'X',
        message: 'no',
      });
      start(named('demo', server));
      await until(() => stateOf('demo') === 'unsupported');
      expect(clusters.health()[0].message).toContain('install the chart');

      server.on('GET', accessRequestDefinitionPath(), {
        metadata: { annotations: { [CONTRACT_ANNOTATION]: CONTRACT_VERSION } },
      });
      await untilState('demo', 'ready');

      expect(ready).toHaveLength(1);
    },
  );

  it('says that the credentials are at fault when they are', async () => {
    const server = await anApiServer('uid-1');
    server.refuse('GET', '/version', {
      code: 401,
      reason: 'Unauthorized',
      message: 'Unauthorized',
    });
    start(named('demo', server));

    await until(() => stateOf('demo') === 'unreachable');

    expect(clusters.health()[0].message).toBe(
      "Cluster 'The demo cluster' does not accept the credentials of this back end.",
    );
  });

  it('refuses a second name for a cluster', async () => {
    const server = await anApiServer('uid-1');
    start(named('demo', server), named('again', server));

    await until(() =>
      clusters.health().every(({ state }) => state !== 'connecting'),
    );

    const [winner, loser] = ['ready', 'unsupported'].map(state =>
      clusters.health().find(health => health.state === state),
    );
    expect(loser?.message).toBe(
      `Cluster '${loser?.title}' is the same cluster as '${winner?.name}'; keep one of the two in kubernetesAccess.clusters.`,
    );
    expect(ready).toHaveLength(1);
  });

  it('notices at its next check that a cluster is lost, and that it is back', async () => {
    const server = await anApiServer('uid-1');
    start(named('demo', server));
    await until(() => stateOf('demo') === 'ready');

    server.refuse('GET', '/version', {
      code: 500,
      reason: 'InternalError',
      message: 'etcd is gone',
    });
    await clock.advance(29_000);
    expect(stateOf('demo')).toBe('ready');
    await untilState('demo', 'unreachable');
    expect(clusters.byUid('uid-1')).toBeUndefined();

    server.on('GET', '/version', { major: '1', minor: '34' });
    await untilState('demo', 'ready');

    expect(ready).toHaveLength(1);
    expect(clusters.byUid('uid-1')).toBe(ready[0]);
  });

  it('notices at once that a cluster is lost when a call cannot reach it', async () => {
    const server = await anApiServer('uid-1');
    start(named('demo', server));
    await until(() => ready.length === 1);
    await server.stop();
    servers.length = 0;

    await expect(ready[0].client.get(KUBE_SYSTEM)).rejects.toThrow();
    await clock.advance(200);
    await until(() => stateOf('demo') === 'unreachable');
  });

  it('does not take a call that takes long for a cluster that is lost', async () => {
    const server = await anApiServer('uid-1');
    server.on('GET', namespacePath('slow'), () => {});
    start(named('demo', server));
    await until(() => ready.length === 1);

    await expect(
      ready[0].client.get(namespacePath('slow'), { timeoutMs: 20 }),
    ).rejects.toThrow('no answer');
    await clock.advance(1_000);
    await until(
      () =>
        server.requests.filter(({ path }) => path === KUBE_SYSTEM).length === 2,
    );

    expect(stateOf('demo')).toBe('ready');
  });

  it('announces a cluster anew that was made anew under its name', async () => {
    const server = await anApiServer('uid-1');
    start(named('demo', server));
    await until(() => ready.length === 1);

    server.on('GET', KUBE_SYSTEM, { metadata: { uid: 'uid-2' } });
    await clock.advance(30_000);
    await until(() => ready.length === 2);

    expect(ready[1].uid).toBe('uid-2');
    expect(clusters.byUid('uid-1')).toBeUndefined();
    expect(clusters.byUid('uid-2')).toBe(ready[1]);
    // What still works on the old cluster must not do so on the new one.
    await expect(ready[0].client.get(KUBE_SYSTEM)).rejects.toThrow(
      KubeConnectionError,
    );
  });

  it('follows a cluster that moved, once its kubeconfig says where to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ka-'));
    const file = join(folder, 'kubeconfig');
    const before = await anApiServer('uid-1');
    await writeFile(file, kubeconfig(before.url));
    start({
      ...named('demo', before),
      credential: { kind: 'kubeconfig', file },
    });
    await until(() => ready.length === 1);

    const after = await anApiServer('uid-1');
    await writeFile(file, kubeconfig(after.url));
    await before.stop();
    servers.splice(servers.indexOf(before), 1);
    await untilState('demo', 'unreachable');
    await untilState('demo', 'ready');

    expect(ready).toHaveLength(2);
    expect(clusters.byUid('uid-1')).toBe(ready[1]);
    await expect(ready[1].client.get(KUBE_SYSTEM)).resolves.toBeDefined();
    await rm(folder, { recursive: true });
  });

  it('leaves nothing behind when it is stopped, also in the middle of connecting', async () => {
    const server = await anApiServer('uid-1');
    server.on('GET', '/version', () => {});
    start(named('demo', server));
    await until(() => server.requests.length === 1);

    await clusters.stop();
    await until(() => server.connections === 0);
    await clock.advance(600_000);

    expect(server.requests).toHaveLength(1);
    expect(clock.pending).toBe(0);
    expect(ready).toEqual([]);
  });
});

function kubeconfig(server: string): string {
  return JSON.stringify({
    clusters: [
      { name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } },
    ],
    users: [{ name: 'u', user: { token: 'token' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
}
