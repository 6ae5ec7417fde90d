import { randomBytes, randomUUID } from 'node:crypto';
import { mockServices } from '@backstage/backend-test-utils';
import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { SystemClock } from '../controller';
import type { StoredRequest } from '../database';
import { OrphanSweep } from '../endings/OrphanSweep';
import { RequestEndings } from '../endings';
import { ClusterGrantController, grantName } from '../grants';
import { buildGrant } from '../grants/buildGrant';
import { buildResource } from '../grants/buildResource';
import type { ClusterConnection, ConfiguredClusters } from '../kubernetes';
import { createRequestId } from '../requests/requestId';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { aPod, aPodSpec } from '../testUtils/pods';
import { eventually, RealCluster } from '../testUtils/RealCluster';
import { anApproval, aNewRequest } from '../testUtils/requests';

const NAMESPACE = 'platform';
const clock = new SystemClock();
jest.setTimeout(240_000);

/** A back end without its API: records, controller, connections. */
interface Process {
  clusters: ConfiguredClusters;
  controller: ClusterGrantController;
  stop(): Promise<void>;
}

describe('grants in a real cluster, with the rights of the chart', () => {
  const app = `grants-${randomUUID().slice(0, 8)}`;
  const installationId = randomUUID();
  let cluster: RealCluster;
  let stores: TestStores;
  let connection: ClusterConnection;
  let running: Process;
  const made: string[] = [];

  beforeAll(async () => {
    cluster = await RealCluster.connect();
    await cluster.apply(deployment(app, cluster.cluster.info.images.shell));
    stores = await openTestStores({ clock, installationId });
    running = await start();
    await cluster.kubectl([
      'rollout',
      'status',
      `deployment/${app}`,
      `--namespace=${NAMESPACE}`,
      '--timeout=60s',
    ]);
  });

  afterAll(async () => {
    await running?.stop();
    await stores?.close();
    await cluster?.kubectl([
      'delete',
      'deployment',
      app,
      `--namespace=${NAMESPACE}`,
      '--wait=false',
    ]);
    for (const name of made) {
      // Kubernetes collects what they own.
      await cluster
        .kubectl([
          'patch',
          'accessrequest',
          name,
          '--type=merge',
          '--patch={"metadata":{"finalizers":[]}}',
        ])
        .catch(() => 'gone already');
      await cluster.kubectl([
        'delete',
        'accessrequest',
        name,
        '--ignore-not-found',
        '--wait=false',
      ]);
    }
    await cluster?.close();
  });

  async function start(): Promise<Process> {
    const clusters = cluster.clusters();
    const controller = new ClusterGrantController({
      clusters,
      store: stores.requests,
      changes: stores.requests,
      replica: randomUUID(),
      audit: stores.audit,
      installationId,
      clock,
      logger: mockServices.logger.mock(),
    });
    controller.start();
    connection = await cluster.ready(clusters);
    return {
      clusters,
      controller,
      stop: async () => {
        await controller.stop();
        await clusters.stop();
      },
    };
  }

  async function ask(durationSeconds: number = 600): Promise<StoredRequest> {
    const request = await stores.requests.create(
      newRequest({
        terms: {
          clusterUid: connection.uid,
          durationSeconds,
          // So that nobody has an open request for the same already.
          requester: `user:default/ada-${made.length}`,
          targets: [{ namespace: NAMESPACE, podSelector: `app=${app}` }],
        },
      }),
    );
    made.push(request.resourceName);
    return request;
  }

  async function approve({ id }: StoredRequest): Promise<void> {
    await stores.requests.change(id, asked => ({
      entries: [anApproval(asked)],
    }));
  }

  async function current({ id }: StoredRequest): Promise<StoredRequest> {
    return (await stores.requests.get(id)) as StoredRequest;
  }

  async function granted(request: StoredRequest): Promise<StoredRequest> {
    return eventually(async () => {
      const now = await current(request);
      expect(now.observed.grantedAt).toBeDefined();
      return now;
    });
  }

  async function grant(durationSeconds?: number): Promise<StoredRequest> {
    const request = await ask(durationSeconds);
    await approve(request);
    return granted(request);
  }

  async function resource(name: string): Promise<AccessRequestResource> {
    return cluster.getJson<AccessRequestResource>(['accessrequest', name]);
  }

  async function podNames(): Promise<string[]> {
    const { items } = await cluster.getJson<{
      items: Array<{ metadata: { name: string; deletionTimestamp?: string } }>;
    }>(['pods', `--namespace=${NAMESPACE}`, `--selector=app=${app}`]);
    return items
      .filter(({ metadata }) => !metadata.deletionTimestamp)
      .map(({ metadata }) => metadata.name)
      .sort();
  }

  function accountOf({ requester, id, observed }: StoredRequest): string {
    return grantName(requester, id, observed.resourceUid ?? '');
  }

  async function mayExec(account: string, pod: string): Promise<boolean> {
    const [get, create] = await Promise.all(
      ['get', 'create'].map(verb =>
        cluster.may(
          account,
          verb,
          `pods/${pod}`,
          '--subresource=exec',
          `--namespace=${NAMESPACE}`,
        ),
      ),
    );
    expect(get).toBe(create);
    return get;
  }

  async function roleNames(request: StoredRequest): Promise<string[]> {
    const role = await cluster.getJson<{
      rules: Array<{ resourceNames: string[] }> | null;
    }>(['role', accountOf(request), `--namespace=${NAMESPACE}`]);
    return role.rules?.[0]?.resourceNames ?? [];
  }

  async function expectRemoved(request: StoredRequest): Promise<StoredRequest> {
    return eventually(async () => {
      const now = await current(request);
      expect(now.observed.removal).toMatchObject({ state: 'removed' });
      expect(await cluster.grantObjects(request.id)).toEqual([]);
      return now;
    });
  }

  function lastEntry({ entries }: StoredRequest) {
    return entries[entries.length - 1];
  }

  it('shows a request in the cluster before anybody has decided, and grants nothing', async () => {
    const request = await ask();
    const shown = await eventually(async () => {
      const found = await resource(request.resourceName);
      expect(found.status?.phase).toBe('Pending');
      return found;
    });
    expect(shown.spec).toMatchObject({
      requester: request.requester,
      digest: request.digest,
      targets: request.terms.targets,
    });
    expect(await cluster.grantObjects(request.id)).toEqual([]);
    const { observed } = await current(request);
    expect(observed.resourceUid).toBe(shown.metadata.uid);
  });

  it('grants exec into exactly the matching pods, and nothing else, once approved', async () => {
    const request = await grant();
    const account = accountOf(request);
    const pods = await podNames();
    expect(pods).toHaveLength(2);
    for (const pod of pods) {
      expect(await mayExec(account, pod)).toBe(true);
    }
    expect(await mayExec(account, 'some-other-pod')).toBe(false);
    const inNamespace = `--namespace=${NAMESPACE}`;
    expect(await cluster.may(account, 'list', 'pods', inNamespace)).toBe(false);
    expect(await cluster.may(account, 'get', 'secrets', inNamespace)).toBe(
      false,
    );
    expect(
      await cluster.may(account, 'delete', `pods/${pods[0]}`, inNamespace),
    ).toBe(false);
    expect(
      await cluster.may(
        account,
        'get',
        `pods/${pods[0]}`,
        '--namespace=payments',
      ),
    ).toBe(false);
    await eventually(async () => {
      const { status } = await resource(request.resourceName);
      expect(status).toMatchObject({
        phase: 'Active',
        grant: { serviceAccountName: account },
      });
      expect(
        status?.conditions?.map(({ type, status: is }) => [type, is]),
      ).toEqual(
        expect.arrayContaining([
          ['Granted', 'True'],
          ['PodsMatched', 'True'],
        ]),
      );
    });
  });

  it('hands out tokens of the grant, which are good for the pods at once', async () => {
    const request = await grant();
    const token = await running.controller.token(request);
    const [pod] = await podNames();
    const answer = await cluster.kubectl([
      `--token=${token}`,
      // The administrator's certificate would otherwise come first.
      '--kubeconfig=/dev/null',
      `--server=${await serverOf(cluster)}`,
      '--insecure-skip-tls-verify',
      'exec',
      pod,
      `--namespace=${NAMESPACE}`,
      '--',
      'echo',
      'inside',
    ]);
    expect(answer.trim()).toBe('inside');
  });

  it('follows the pods through a rollout', async () => {
    const request = await grant();
    const before = await podNames();
    await cluster.kubectl([
      'rollout',
      'restart',
      `deployment/${app}`,
      `--namespace=${NAMESPACE}`,
    ]);
    await cluster.kubectl([
      'rollout',
      'status',
      `deployment/${app}`,
      `--namespace=${NAMESPACE}`,
      '--timeout=60s',
    ]);
    const after = await podNames();
    expect(after.some(name => before.includes(name))).toBe(false);
    await eventually(async () =>
      expect(await roleNames(request)).toEqual(after),
    );
    await running.controller.ensurePod(
      await current(request),
      NAMESPACE,
      after[0],
    );
    await expect(
      running.controller.ensurePod(
        await current(request),
        NAMESPACE,
        before[0],
      ),
    ).rejects.toThrow(/is not one that request/);
    const events = await stores.audit.read(request.id);
    expect(events.map(({ eventId }) => eventId)).not.toContain('grant-repair');
  });

  it('names no pod at all while none matches', async () => {
    const request = await grant();
    const scale = (replicas: number) =>
      cluster.kubectl([
        'scale',
        `deployment/${app}`,
        `--replicas=${replicas}`,
        `--namespace=${NAMESPACE}`,
      ]);
    await scale(0);
    await eventually(async () => expect(await roleNames(request)).toEqual([]));
    expect(await mayExec(accountOf(request), 'anything')).toBe(false);
    await scale(2);
    await eventually(async () =>
      expect(await roleNames(request)).toHaveLength(2),
    );
  });

  it('grants at once to somebody who asks for a pod that has just appeared', async () => {
    const request = await grant();
    await cluster.apply(
      aPod({
        name: `${app}-extra`,
        namespace: NAMESPACE,
        app,
        image: cluster.cluster.info.images.shell,
      }),
    );
    await running.controller.ensurePod(request, NAMESPACE, `${app}-extra`);
    expect(await mayExec(accountOf(request), `${app}-extra`)).toBe(true);
    await cluster.kubectl([
      'delete',
      'pod',
      `${app}-extra`,
      `--namespace=${NAMESPACE}`,
      '--now',
    ]);
    await eventually(async () =>
      expect(await roleNames(request)).not.toContain(`${app}-extra`),
    );
  });

  it.each(['cancelled', 'revoked'] as const)(
    'takes everything back when the request is %s, and lets go of the resource',
    async reason => {
      const request = await grant();
      const account = accountOf(request);
      const [anyPod] = await podNames();
      await new RequestEndings({ store: stores.requests }).end(request.id, {
        reason,
        actor: reason === 'revoked' ? 'user:default/olga' : request.requester,
      });
      await expectRemoved(request);
      expect(await mayExec(account, anyPod)).toBe(false);
      const { metadata, status } = await resource(request.resourceName);
      expect(metadata.finalizers ?? []).toEqual([]);
      expect(metadata.labels?.['kubernetes-access.io/open']).toBe('false');
      expect(status?.phase).toBe(
        reason === 'revoked' ? 'Revoked' : 'Cancelled',
      );
      expect(status?.conditions).toContainEqual(
        expect.objectContaining({ type: 'Removed', status: 'True' }),
      );
    },
  );

  it('takes everything back when the time is up, without anybody doing anything', async () => {
    const request = await grant(3);
    const account = accountOf(request);
    const [anyPod] = await podNames();
    expect(await mayExec(account, anyPod)).toBe(true);
    const ended = await expectRemoved(request);
    expect(lastEntry(ended)).toMatchObject({
      kind: 'ended',
      reason: 'expired',
      actor: 'system',
    });
    await eventually(async () =>
      expect((await resource(request.resourceName)).status?.phase).toBe(
        'Expired',
      ),
    );
  });

  it('takes a deletion by hand as the end, and releases the resource only when all is gone', async () => {
    const request = await grant();
    await cluster.kubectl([
      'delete',
      'accessrequest',
      request.resourceName,
      '--timeout=20s',
    ]);
    // kubectl waited for the finalizer, so there is nothing left to wait for.
    expect(await cluster.grantObjects(request.id)).toEqual([]);
    const ended = await expectRemoved(request);
    expect(lastEntry(ended)).toMatchObject({
      reason: 'deleted',
      actor: 'outside Backstage, unknown',
    });
  });

  it('ends a request whose resource was replaced by another of its name', async () => {
    const request = await grant();
    await running.stop();
    const path = ['accessrequest', request.resourceName];
    await cluster.kubectl([
      'patch',
      ...path,
      '--type=merge',
      '--patch={"metadata":{"finalizers":[]}}',
    ]);
    await cluster.kubectl(['delete', ...path]);
    await cluster.kubectl(
      ['create', '--filename=-'],
      buildResource(request, installationId),
    );
    running = await start();
    const ended = await expectRemoved(request);
    expect(lastEntry(ended)).toMatchObject({ reason: 'tampered' });
    await eventually(async () =>
      expect(
        await cluster.kubectl(['get', ...path, '--ignore-not-found']),
      ).toBe(''),
    );
  });

  it('grants nothing to a resource that was forged by hand, and deletes it', async () => {
    const forged = newRequest({
      terms: {
        clusterUid: connection.uid,
        targets: [{ namespace: NAMESPACE, podSelector: `app=${app}` }],
      },
    });
    made.push(forged.resourceName);
    await cluster.kubectl(
      ['create', '--filename=-'],
      buildResource(forged, installationId),
    );
    await cluster
      .kubectl([
        'patch',
        'accessrequest',
        forged.resourceName,
        '--subresource=status',
        '--type=merge',
        '--patch={"status":{"phase":"Approved"}}',
      ])
      .catch(() => 'it was quicker to go');
    await eventually(async () =>
      expect(
        await cluster.kubectl([
          'get',
          'accessrequest',
          forged.resourceName,
          '--ignore-not-found',
        ]),
      ).toBe(''),
    );
    expect(await cluster.grantObjects(forged.id)).toEqual([]);
    await eventually(async () => {
      const events = await stores.audit.read('system');
      expect(JSON.stringify(events)).toContain(forged.resourceName);
    });
  });

  it('leaves a resource of another installation alone', async () => {
    const foreign = newRequest({ terms: { clusterUid: connection.uid } });
    made.push(foreign.resourceName);
    const built = buildResource(foreign, randomUUID());
    await cluster.kubectl(['create', '--filename=-'], {
      ...built,
      metadata: { ...built.metadata, finalizers: [] },
    });
    await grant();
    await sweep().run();
    const left = await resource(foreign.resourceName);
    expect(left.metadata.deletionTimestamp).toBeUndefined();
    expect(left.status).toBeUndefined();
  });

  it('does not adopt what was planted under the names of a grant', async () => {
    const request = await ask();
    const pending = await eventually(async () => {
      const now = await current(request);
      expect(now.observed.resourceUid).toBeDefined();
      return now;
    });
    const name = accountOf(pending);
    await cluster.apply({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name, namespace: NAMESPACE },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
    });
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace: 'kubernetes-access-grants' },
    });
    const { metadata: planted } = await cluster.getJson<{
      metadata: { uid: string };
    }>(['serviceaccount', name, '--namespace=kubernetes-access-grants']);
    await approve(request);
    await granted(request);
    expect(
      await cluster.may(name, 'get', 'secrets', `--namespace=${NAMESPACE}`),
    ).toBe(false);
    const { metadata } = await cluster.getJson<{ metadata: { uid: string } }>([
      'serviceaccount',
      name,
      '--namespace=kubernetes-access-grants',
    ]);
    expect(metadata.uid).not.toBe(planted.uid);
    const events = await stores.audit.read(request.id);
    expect(events.map(({ eventId }) => eventId)).toContain('grant-repair');
  });

  it('puts right what somebody changed in a standing grant', async () => {
    const request = await grant();
    const name = accountOf(request);
    await cluster.kubectl([
      'patch',
      'role',
      name,
      `--namespace=${NAMESPACE}`,
      '--type=merge',
      '--patch={"rules":[{"apiGroups":[""],"resources":["pods/exec"],"verbs":["get","create"]}]}',
    ]);
    running.controller.poke(request.id);
    await eventually(async () =>
      expect(await roleNames(request)).toEqual(await podNames()),
    );
    expect(await mayExec(name, 'anything')).toBe(false);
    const events = await stores.audit.read(request.id);
    expect(events.map(({ eventId }) => eventId)).toContain('grant-repair');
  });

  it('takes everything back also where somebody wrote to the status by hand', async () => {
    const request = await grant();
    await cluster.kubectl([
      'patch',
      'accessrequest',
      request.resourceName,
      '--subresource=status',
      '--type=merge',
      '--patch={"status":{"phase":"Expired","endedAt":"2026-01-01T00:00:00.000Z"}}',
    ]);
    const [anyPod] = await podNames();
    expect(await mayExec(accountOf(request), anyPod)).toBe(true);
    await new RequestEndings({ store: stores.requests }).end(request.id, {
      reason: 'revoked',
      actor: 'user:default/olga',
    });
    await expectRemoved(request);
    const { metadata } = await resource(request.resourceName);
    expect(metadata.finalizers ?? []).toEqual([]);
  });

  it('finishes what a process left half done when it died', async () => {
    const inTheMiddle = await ask();
    await eventually(async () =>
      expect((await current(inTheMiddle)).observed.resourceUid).toBeDefined(),
    );
    const standing = await grant();
    await running.stop();
    // While nobody looks: one is approved, the other revoked.
    await approve(inTheMiddle);
    await new RequestEndings({ store: stores.requests }).end(standing.id, {
      reason: 'revoked',
      actor: 'user:default/olga',
    });
    running = await start();
    await granted(inTheMiddle);
    await expectRemoved(standing);
  });

  it('sweeps away what comes back of a grant that is over, and nothing else', async () => {
    const over = await grant();
    const standing = await grant();
    await new RequestEndings({ store: stores.requests }).end(over.id, {
      reason: 'revoked',
      actor: 'user:default/olga',
    });
    const { observed } = await expectRemoved(over);
    const { namespaces } = buildGrant({
      request: over,
      resourceUid: observed.resourceUid ?? '',
      podNames: new Map(),
      grantNamespace: connection.grantNamespace,
      installationId,
    });
    // While a process runs that watches, it would notice at once.
    await running.stop();
    await cluster.apply(namespaces[0].roleBinding);
    expect(await cluster.grantObjects(over.id)).toHaveLength(1);
    const clusters = cluster.clusters();
    connection = await cluster.ready(clusters);
    await sweep().run();
    await clusters.stop();
    running = await start();
    expect(await cluster.grantObjects(over.id)).toEqual([]);
    expect(await cluster.grantObjects(standing.id)).toHaveLength(3);
  });

  it('shows why a grant cannot be made where the chart gives no rights', async () => {
    const request = await stores.requests.create(
      newRequest({
        terms: {
          clusterUid: connection.uid,
          requester: 'user:default/mia',
          targets: [{ namespace: 'default', podSelector: 'app=anything' }],
        },
      }),
    );
    made.push(request.resourceName);
    await approve(request);
    const stuck = await eventually(async () => {
      const now = await current(request);
      expect(now.observed.message).toMatch(/forbidden/);
      return now;
    });
    expect(stuck.observed.grantedAt).toBeUndefined();
    await new RequestEndings({ store: stores.requests }).end(request.id, {
      reason: 'cancelled',
      actor: request.requester,
    });
    const ended = await eventually(async () => {
      const now = await current(request);
      expect(now.observed.removal.state).toBe('failing');
      return now;
    });
    // Nobody can look there, so nobody claims that nothing is left.
    expect(ended.observed.removal.message).toMatch(/default/);
  });

  function sweep(): OrphanSweep {
    return new OrphanSweep({
      connection,
      store: stores.requests,
      audit: stores.audit,
      installationId,
      logger: mockServices.logger.mock(),
      over: new AbortController().signal,
    });
  }
});

/** The cluster outlives a run, so every run has ids of its own. */
function newRequest(
  overrides: Parameters<typeof aNewRequest>[0],
): ReturnType<typeof aNewRequest> {
  return aNewRequest({
    id: createRequestId(Date.now(), randomBytes(10)),
    ...overrides,
  });
}

async function serverOf(cluster: RealCluster): Promise<string> {
  return (
    await cluster.kubectl([
      'config',
      'view',
      '--output=jsonpath={.clusters[0].cluster.server}',
    ])
  ).trim();
}

function deployment(name: string, image: string) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: aPodSpec(image),
      },
    },
  };
}
