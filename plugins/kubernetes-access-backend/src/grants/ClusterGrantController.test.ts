import { mockServices } from '@backstage/backend-test-utils';
import type { StoredRequest } from '../database/types';
import type { ClusterConnection, Clusters, KubeObject } from '../kubernetes';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { apiError, FakeKubeClient } from '../testUtils/FakeKubeClient';
import { ManualClock } from '../testUtils/ManualClock';
import { anApproval, aNewRequest } from '../testUtils/requests';
import { ClusterGrantController } from './ClusterGrantController';
import { commitEnd } from './commitEnd';

const NEAR = 'uid-near';
const FAR = 'uid-far';

describe('ClusterGrantController', () => {
  let clock: ManualClock;
  let stores: TestStores;
  let controller: ClusterGrantController;
  let announce: (connection: ClusterConnection) => void;
  let clients: Record<string, FakeKubeClient>;
  /** Whether commits are heard of. */
  let isTold: boolean;
  const suspended = new Map<string, string>();
  const logger = mockServices.logger.mock();

  beforeEach(async () => {
    clock = new ManualClock();
    stores = await openTestStores({ clock });
    clients = { [NEAR]: new FakeKubeClient(), [FAR]: new FakeKubeClient() };
    suspended.clear();
    isTold = true;
    for (const [uid, client] of Object.entries(clients)) {
      client.put('/api/v1/namespaces', {
        metadata: { name: 'kube-system', uid },
      });
      client.put('/api/v1/namespaces', {
        metadata: { name: 'payments' },
        status: { phase: 'Active' },
      } as KubeObject);
      client.put('/api/v1/namespaces/payments/pods', {
        metadata: {
          name: 'api-1',
          labels: { 'backstage.io/kubernetes-id': 'payments-api' },
        },
      });
    }
    controller = new ClusterGrantController({
      clusters: {
        onReady: (listener: typeof announce) => {
          announce = listener;
          return () => {};
        },
        byUid: () => undefined,
        health: () => [],
        suspend: (uid: string, message?: string) => {
          if (message) {
            suspended.set(uid, message);
          } else {
            suspended.delete(uid);
          }
        },
      } as unknown as Clusters,
      store: stores.requests,
      changes: {
        onChange: listener =>
          stores.requests.onChange((...news) => {
            if (isTold) {
              listener(...news);
            }
          }),
      },
      audit: stores.audit,
      installationId: 'installation-1',
      replica: 'replica-1',
      clock,
      logger,
    });
    controller.start();
  });

  afterEach(async () => {
    await controller.stop();
    await stores.close();
  });

  function connect(uid: string, name: string = uid): void {
    announce({
      name,
      title: name,
      uid,
      client: clients[uid],
      grantNamespace: 'grants',
      openExec: async () => {
        throw new Error('Nothing here opens terminals');
      },
    });
  }

  /** Lets what is due be done, which takes some turns of the event loop and hardly any time. */
  async function work(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) {
      await clock.advance(1);
    }
  }

  function ask(clusterUid: string): Promise<StoredRequest> {
    return stores.requests.create(aNewRequest({ terms: { clusterUid } }));
  }

  async function approve({ id }: StoredRequest): Promise<void> {
    await stores.requests.change(id, current => ({
      entries: [anApproval(current)],
    }));
  }

  async function isGranted({ id }: StoredRequest): Promise<boolean> {
    const request = await stores.requests.get(id);
    return request?.observed.grantedAt !== undefined;
  }

  it('looks at a request as soon as something is committed', async () => {
    connect(NEAR);
    const request = await ask(NEAR);
    await work();
    expect(clients[NEAR].paths('/accessrequests/')).toHaveLength(1);
    await approve(request);
    await work();
    expect(await isGranted(request)).toBe(true);
  });

  it('picks up what was decided before the cluster was ready', async () => {
    const request = await ask(NEAR);
    await approve(request);
    await clock.advance(60_000);
    expect(await isGranted(request)).toBe(false);
    connect(NEAR);
    await work();
    expect(await isGranted(request)).toBe(true);
  });

  it('finds by itself what nobody told it of', async () => {
    connect(NEAR);
    const request = await ask(NEAR);
    await work();
    isTold = false;
    await approve(request);
    await clock.advance(29_000);
    expect(await isGranted(request)).toBe(false);
    await clock.advance(2_000);
    expect(await isGranted(request)).toBe(true);
  });

  it('grants in one cluster while another does not answer', async () => {
    connect(FAR);
    connect(NEAR);
    let giveUp = () => {};
    const silence = new Promise<never>((_, reject) => {
      giveUp = () => reject(apiError(504, 'Timeout', 'no answer'));
    });
    clients[FAR].get = () => silence;
    const [far, near] = [await ask(FAR), await ask(NEAR)];
    await approve(far);
    await approve(near);
    await work();
    expect(await isGranted(near)).toBe(true);
    expect(await isGranted(far)).toBe(false);
    giveUp();
  });

  it('removes at expiry what stands half made, however long the pause between tries has become', async () => {
    connect(NEAR);
    const request = await stores.requests.create(
      aNewRequest({ terms: { clusterUid: NEAR, durationSeconds: 100 } }),
    );
    clients[NEAR].refuse(
      'create',
      /rolebindings/,
      apiError(403, 'Forbidden', 'not allowed'),
    );
    await approve(request);
    await clock.advance(99_000);
    expect(clients[NEAR].paths('kubernetes-access-ada')).not.toEqual([]);
    await clock.advance(1_000);
    await work();
    expect(clients[NEAR].paths('kubernetes-access-ada')).toEqual([]);
  });

  it('counts failed attempts by cluster', async () => {
    const failed: string[] = [];
    controller.onReconcileError(cluster => failed.push(cluster));
    connect(NEAR, 'near');
    clients[NEAR].refuse(
      'create',
      /accessrequests/,
      apiError(500, 'InternalError', 'no'),
    );
    await ask(NEAR);
    await work();
    expect(failed).toEqual(['near']);
  });

  it('does not start again from what it merely saw', async () => {
    connect(NEAR);
    const request = await ask(NEAR);
    await approve(request);
    await work();
    clients[NEAR].writes.length = 0;
    await stores.requests.change(request.id, () => ({
      observed: { message: 'something was seen' },
    }));
    await work();
    expect(clients[NEAR].writes).toEqual([]);
  });

  it('leaves a cluster alone when its name leads to another one', async () => {
    connect(NEAR, 'demo');
    const old = await ask(NEAR);
    await approve(old);
    await work();
    expect(await isGranted(old)).toBe(true);
    clients[NEAR].writes.length = 0;

    connect(FAR, 'demo');
    await work();
    expect(controller.leads()).toEqual(['demo']);
    await commitEnd(stores.requests, old.id, {
      reason: 'revoked',
      actor: 'user:default/olga',
    });
    await clock.advance(120_000);
    const written = (uid: string) =>
      clients[uid].writes.filter(({ path }) => !path.includes('/leases'));
    // What stands in the old one is taken back when it can be reached again, and shown as not removed until then.
    expect(written(NEAR)).toEqual([]);
    expect(written(FAR)).toEqual([]);
    expect((await stores.requests.get(old.id))?.observed.removal.state).toBe(
      'removing',
    );
  });

  it('stops at its next renewal when another cluster answers over the same connection', async () => {
    connect(NEAR, 'demo');
    const request = await ask(NEAR);
    await work();
    clients[NEAR].put('/api/v1/namespaces', {
      metadata: { name: 'kube-system', uid: FAR },
    });
    await clock.advance(6_000);
    expect(controller.leads()).toEqual([]);
    expect(suspended.get(NEAR)).toBe(
      "Cluster 'demo' is closed: another cluster answers in its place.",
    );
    clients[NEAR].writes.length = 0;
    await approve(request);
    await clock.advance(120_000);
    expect(clients[NEAR].writes).toEqual([]);

    clients[NEAR].put('/api/v1/namespaces', {
      metadata: { name: 'kube-system', uid: NEAR },
    });
    await clock.advance(20_000);
    expect(controller.leads()).toEqual(['demo']);
    expect(suspended.size).toBe(0);
    const events = await stores.audit.read('system');
    expect(
      events
        .filter(({ eventId }) => eventId.startsWith('cluster-'))
        .map(({ eventId, meta }) => [eventId, meta.cluster]),
    ).toEqual([
      ['cluster-close', 'demo'],
      ['cluster-open', 'demo'],
    ]);
    expect(await isGranted(request)).toBe(true);
  });

  it('refuses to reach for pods of a cluster whose name leads to another one', async () => {
    connect(NEAR, 'demo');
    const request = await ask(NEAR);
    connect(FAR, 'demo');
    await expect(
      controller.ensurePod(request, 'payments', 'api-1'),
    ).rejects.toThrow(/cannot be reached now/);
  });

  it('looks after a cluster with two names once', async () => {
    connect(NEAR, 'one');
    connect(NEAR, 'two');
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('one and the same'),
    );
  });
});
