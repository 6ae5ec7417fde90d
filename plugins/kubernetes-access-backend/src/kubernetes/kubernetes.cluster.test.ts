import { randomUUID } from 'node:crypto';
import { mockServices } from '@backstage/backend-test-utils';
import type { WebSocket } from 'ws';
import { Reflector, SystemClock } from '../controller';
import { eventually, RealCluster } from '../testUtils/RealCluster';
import { isConflict, isNotFound } from './errors';
import { HttpKubeClient } from './HttpKubeClient';
import { inspectCluster } from './inspectCluster';
import type { Endpoint } from './kubeConfig';
import { endpointOf } from './kubeConfig';
import { openExec } from './openExec';
import { namespacePath, podsPath, serviceAccountsPath } from './paths';
import type { ExecRequest, KubeObject } from './types';

const NAMESPACE = `client-${randomUUID().slice(0, 8)}`;
const CONFIG_MAPS = `${namespacePath(NAMESPACE)}/configmaps`;

jest.setTimeout(240_000);

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

describe('the client of a real API server', () => {
  let cluster: RealCluster;
  /** An administrator's, who logs in with a certificate. */
  let endpoint: Endpoint;
  let client: HttpKubeClient;

  beforeAll(async () => {
    cluster = await RealCluster.connect();
    const { kubeconfig, context } = cluster.cluster.info;
    endpoint = await endpointOf({
      kind: 'kubeconfig',
      file: kubeconfig,
      context,
    });
    client = new HttpKubeClient({ endpoint });
    await client.create('/api/v1/namespaces', {
      metadata: { name: NAMESPACE },
    });
  });

  afterAll(async () => {
    await client?.delete(namespacePath(NAMESPACE));
    await client?.close();
    await cluster?.close();
  });

  function configMap(name: string, labels = {}): ConfigMap {
    return { metadata: { name, labels }, data: { key: 'one' } };
  }

  it('finds out by what the cluster is known, with no more than the rights of the back end', async () => {
    const own = new HttpKubeClient({
      endpoint: await endpointOf({
        kind: 'kubeconfig',
        file: cluster.kubeconfig,
      }),
    });
    const { metadata } = await client.get(namespacePath('kube-system'));

    expect(await inspectCluster(own)).toBe(metadata.uid);

    await own.close();
  });

  it('creates, reads, changes and deletes', async () => {
    await client.create(CONFIG_MAPS, configMap('a'));
    const before = await client.get<ConfigMap>(`${CONFIG_MAPS}/a`);

    await client.patch(`${CONFIG_MAPS}/a`, 'merge', { data: { more: 'two' } });
    await client.patch(`${CONFIG_MAPS}/a`, 'json', [
      { op: 'replace', path: '/data/key', value: 'three' },
    ]);
    const after = await client.get<ConfigMap>(`${CONFIG_MAPS}/a`);
    expect(after.data).toEqual({ key: 'three', more: 'two' });

    await client.replace(`${CONFIG_MAPS}/a`, { ...after, data: {} });
    await client.delete(`${CONFIG_MAPS}/a`, { uid: before.metadata.uid });
    const reading = client.get(`${CONFIG_MAPS}/a`);
    expect(await reading.catch(isNotFound)).toBe(true);
  });

  it('tells conflicts of every kind', async () => {
    const first = await client.create<ConfigMap>(CONFIG_MAPS, configMap('b'));
    await client.patch(`${CONFIG_MAPS}/b`, 'merge', { data: { key: 'two' } });

    const conflicts = await Promise.all(
      [
        client.create(CONFIG_MAPS, configMap('b')),
        client.replace(`${CONFIG_MAPS}/b`, first),
        client.patch(`${CONFIG_MAPS}/b`, 'merge', first),
        client.delete(`${CONFIG_MAPS}/b`, { uid: randomUUID() }),
      ].map(writing => writing.then(() => false, isConflict)),
    );

    expect(conflicts).toEqual([true, true, true, true]);
  });

  it('lists what a selector selects', async () => {
    await client.create(CONFIG_MAPS, configMap('c', { app: 'one' }));
    await client.create(CONFIG_MAPS, configMap('d', { app: 'two' }));

    const list = await client.list(CONFIG_MAPS, { labelSelector: 'app=two' });

    expect(list.items.map(({ metadata }) => metadata.name)).toEqual(['d']);
    expect(list.metadata.resourceVersion).toMatch(/^\d+$/);
  });

  it('keeps a copy that follows the collection', async () => {
    const heard: string[] = [];
    const reflector = new Reflector<ConfigMap>({
      client,
      path: CONFIG_MAPS,
      selection: { labelSelector: 'app=watched' },
      clock: new SystemClock(),
      logger: mockServices.logger.mock(),
      onAdd: ({ metadata }) => heard.push(`+${metadata.name}`),
      onUpdate: ({ data }) => heard.push(`~${data?.key}`),
      onDelete: ({ metadata }) => heard.push(`-${metadata.name}`),
    });
    await client.create(CONFIG_MAPS, configMap('e', { app: 'watched' }));
    reflector.start();
    await reflector.synced();
    expect(reflector.get('e', NAMESPACE)?.data).toEqual({ key: 'one' });

    await client.patch(`${CONFIG_MAPS}/e`, 'merge', { data: { key: 'ü' } });
    await client.create(CONFIG_MAPS, configMap('f', { app: 'watched' }));
    await client.create(CONFIG_MAPS, configMap('g', { app: 'other' }));
    await client.delete(`${CONFIG_MAPS}/e`);

    await eventually(() => expect(heard).toEqual(['+e', '~ü', '+f', '-e']));
    expect(reflector.list().map(({ metadata }) => metadata.name)).toEqual([
      'f',
    ]);
    await reflector.stop();
  });

  describe('exec', () => {
    const sockets: WebSocket[] = [];
    let token: string;
    let powerless: string;

    beforeAll(async () => {
      const { images, imagePullPolicy } = cluster.cluster.info;
      await client.create(podsPath(NAMESPACE), {
        metadata: { name: 'shell' },
        spec: {
          terminationGracePeriodSeconds: 0,
          automountServiceAccountToken: false,
          containers: [
            {
              name: 'app',
              image: images.shell,
              imagePullPolicy,
              command: ['sleep', '86400'],
            },
          ],
        },
      });
      await cluster.kubectl([
        `--namespace=${NAMESPACE}`,
        'create',
        'role',
        'exec',
        '--resource=pods/exec',
        '--verb=get,create',
      ]);
      await cluster.kubectl([
        `--namespace=${NAMESPACE}`,
        'create',
        'rolebinding',
        'exec',
        '--role=exec',
        `--serviceaccount=${NAMESPACE}:holder`,
      ]);
      token = await tokenOf('holder');
      powerless = await tokenOf('powerless');
      await cluster.kubectl([
        `--namespace=${NAMESPACE}`,
        'wait',
        'pod/shell',
        '--for=condition=Ready',
        '--timeout=60s',
      ]);
    });

    afterEach(() => {
      sockets.splice(0).forEach(socket => socket.terminate());
    });

    async function tokenOf(account: string): Promise<string> {
      await client.create(serviceAccountsPath(NAMESPACE), {
        metadata: { name: account },
      });
      const { status } = await client.create<{ status: { token: string } }>(
        `${serviceAccountsPath(NAMESPACE, account)}/token`,
        {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenRequest',
          spec: { expirationSeconds: 600 },
        },
      );
      return status.token;
    }

    async function exec(changes: Partial<ExecRequest> = {}): Promise<string[]> {
      const socket = await openExec(endpoint, {
        namespace: NAMESPACE,
        pod: 'shell',
        container: 'app',
        command: ['sh', '-c', 'echo $((6*7)); exit 3'],
        tty: true,
        stdin: true,
        token,
        userAgent: 'kubernetes-access/test',
        auditId: randomUUID(),
        timeoutMs: 10_000,
        ...changes,
      });
      sockets.push(socket);
      const channels: string[] = [];
      socket.on('message', (data: Buffer) => {
        channels[data[0]] =
          (channels[data[0]] ?? '') + data.subarray(1).toString();
      });
      const closed = new Promise(resolve => {
        socket.once('close', resolve);
      });
      socket.resume();
      await closed;
      return channels;
    }

    it('runs a command and tells how it ended', async () => {
      const channels = await exec();

      expect(channels[1]).toBe('42\r\n');
      expect(JSON.parse(channels[3])).toMatchObject({
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: '3' }] },
      });
    });

    it('keeps output and errors apart without a terminal', async () => {
      const channels = await exec({
        command: ['sh', '-c', 'echo out; echo err >&2'],
        tty: false,
        stdin: false,
      });

      expect(channels[1]).toBe('out\n');
      expect(channels[2]).toBe('err\n');
      expect(JSON.parse(channels[3])).toMatchObject({ status: 'Success' });
    });

    it('logs in with the token and nothing else, though the back end has a certificate that may do everything', async () => {
      expect(endpoint.tls.cert ?? (await endpoint.authorize())).toBeTruthy();

      await expect(exec({ token: 'worthless' })).rejects.toMatchObject({
        name: 'KubeApiError',
        status: 401,
      });
      await expect(exec({ token: powerless })).rejects.toMatchObject({
        status: 403,
        reason: 'Forbidden',
      });
    });

    it('says what does not exist', async () => {
      await expect(exec({ pod: 'nobody' })).rejects.toMatchObject({
        status: 404,
        reason: 'NotFound',
      });
      await expect(exec({ container: 'nothing' })).rejects.toMatchObject({
        status: 400,
      });
    });
  });
});
