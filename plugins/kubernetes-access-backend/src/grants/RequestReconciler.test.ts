import { mockServices } from '@backstage/backend-test-utils';
import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { ClusterConnection, KubeObject } from '../kubernetes';
import { NotLeadingError } from '../kubernetes';
import type { RequestStore, StoredRequest } from '../database/types';
import { apiError, FakeKubeClient } from '../testUtils/FakeKubeClient';
import { ManualClock } from '../testUtils/ManualClock';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { anApproval, aNewRequest } from '../testUtils/requests';
import { commitEnd } from './commitEnd';
import type { GrantContext } from './GrantContext';
import { GrantRemover } from './GrantRemover';
import { GrantWriter } from './GrantWriter';
import type { Role } from './objects';
import { OwnResourceWrites } from './OwnResourceWrites';
import { RequestReconciler } from './RequestReconciler';

const CLUSTER_UID = '5b0c2c6e-0000-4000-8000-000000000001';
const PODS = '/api/v1/namespaces/payments/pods';
const RBAC = '/apis/rbac.authorization.k8s.io/v1/namespaces/payments';
const ACCOUNTS = '/api/v1/namespaces/kubernetes-access-grants/serviceaccounts';
const RESOURCES = '/apis/kubernetes-access.io/v1alpha1/accessrequests';

describe('RequestReconciler', () => {
  let clock: ManualClock;
  let stores: TestStores;
  let store: RequestStore;
  let client: FakeKubeClient;
  let followed: Set<string>;
  let request: StoredRequest;
  let isLeading: boolean;

  beforeEach(async () => {
    isLeading = true;
    clock = new ManualClock();
    stores = await openTestStores({ clock });
    store = stores.requests;
    client = new FakeKubeClient();
    followed = new Set();
    addPod('api-1');
    addPod('api-2');
    addPod('other-1', 'another');
    client.put('/api/v1/namespaces', {
      metadata: { name: 'payments' },
      status: { phase: 'Active' },
    } as KubeObject);
    request = await store.create(aNewRequest());
  });

  afterEach(() => stores.close());

  function addPod(name: string, id: string = 'payments-api') {
    client.put(PODS, {
      metadata: { name, labels: { 'backstage.io/kubernetes-id': id } },
    });
  }

  /** A process that has just started. */
  function aReconciler(): RequestReconciler {
    const connection: ClusterConnection = {
      name: 'demo',
      title: 'Demo',
      uid: CLUSTER_UID,
      client,
      grantNamespace: 'kubernetes-access-grants',
      openExec: async () => {
        throw new Error('Nothing here opens terminals');
      },
    };
    const pods = {
      follow: (name: string) => followed.add(name),
      unfollow: (name: string) => followed.delete(name),
    } as unknown as GrantContext['pods'];
    const objects = {
      follow: () => {},
      unfollow: () => {},
      sees: ({ name }: { name: string }) => client.paths(name).length > 0,
    } as unknown as GrantContext['objects'];
    return new RequestReconciler({
      connection,
      store,
      audit: stores.audit,
      installationId: 'installation-1',
      logger: mockServices.logger.mock(),
      writer: new GrantWriter({ client }),
      remover: new GrantRemover({ client }),
      pods,
      objects,
      resources: new OwnResourceWrites(),
      leads: () => isLeading,
      forgetTokens: () => {},
    });
  }

  async function reconcile(by: RequestReconciler = aReconciler()) {
    return by.reconcile(request.id);
  }

  async function approve() {
    await store.change(request.id, asked => ({ entries: [anApproval(asked)] }));
  }

  async function makeActive() {
    await reconcile();
    await approve();
    await reconcile();
  }

  function revoke() {
    return commitEnd(store, request.id, {
      reason: 'revoked',
      actor: 'user:default/olga',
    });
  }

  function resource(): AccessRequestResource {
    return client.objects.get(
      `${RESOURCES}/${request.resourceName}`,
    ) as unknown as AccessRequestResource;
  }

  function role(): Role {
    return client.objects.get(client.paths('/roles/')[0]) as Role;
  }

  async function current(): Promise<StoredRequest> {
    return (await store.get(request.id)) as StoredRequest;
  }

  async function auditIds(): Promise<string[]> {
    return (await stores.audit.read(request.id)).map(event => event.eventId);
  }

  it('says and does nothing when this process does not look after the cluster any more', async () => {
    await reconcile();
    await approve();
    isLeading = false;
    client.writes.length = 0;
    await expect(reconcile()).rejects.toThrow(NotLeadingError);
    expect(client.writes).toEqual([]);
    const { entries, observed } = (await store.get(
      request.id,
    )) as StoredRequest;
    expect(entries.map(({ kind }) => kind)).toEqual(['asked', 'decided']);
    expect(observed.message).toBeUndefined();
  });

  it('takes away what comes back of a grant after its removal', async () => {
    await makeActive();
    const objects = client.paths('kubernetes-access-ada');
    const [binding] = objects.filter(path => path.includes('rolebindings'));
    const kept = client.objects.get(binding) as KubeObject;
    await revoke();
    await reconcile();
    expect(client.paths('kubernetes-access-ada')).toEqual([]);
    client.objects.set(binding, kept);
    await reconcile();
    expect(client.paths('kubernetes-access-ada')).toEqual([]);
    const events = await stores.audit.read(request.id);
    expect(events.map(({ eventId }) => eventId)).toContain('grant-repair');
  });

  it('makes the image of a new request and grants nothing', async () => {
    const { requeueAfterMs } = await reconcile();
    expect(resource()).toMatchObject({
      metadata: { finalizers: ['kubernetes-access.io/grant'] },
      spec: { requester: 'user:default/ada', digest: request.digest },
      status: { phase: 'Pending' },
    });
    expect((await current()).observed.resourceUid).toBe(
      resource().metadata.uid,
    );
    expect(client.paths('kubernetes-access-ada')).toEqual([]);
    expect(requeueAfterMs).toBe(24 * 3600_000);
  });

  it('has nothing to write when it looks again', async () => {
    await reconcile();
    client.writes.length = 0;
    await reconcile();
    expect(client.writes).toEqual([]);
  });

  it('grants exactly the matching pods once the request is approved', async () => {
    await makeActive();
    expect(client.paths('kubernetes-access-ada')).toHaveLength(3);
    expect(role().rules?.map(rule => rule.resourceNames)).toEqual([
      ['api-1', 'api-2'],
      ['api-1', 'api-2'],
    ]);
    expect(resource().status).toMatchObject({
      phase: 'Active',
      expiresAt: '2026-01-15T13:00:00.000Z',
      conditions: [
        { type: 'Granted', status: 'True' },
        { type: 'PodsMatched', message: 'The grant reaches 2 pods.' },
      ],
    });
    expect(await auditIds()).toEqual(['grant-start', 'grant-complete']);
    expect(followed).toEqual(new Set([request.resourceName]));
  });

  it('writes the RoleBinding last, because it opens the way', async () => {
    await makeActive();
    const created = client.writes
      .filter(({ verb }) => verb === 'create')
      .map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
    expect(created).toEqual([
      'accessrequests',
      'serviceaccounts',
      'roles',
      'rolebindings',
    ]);
  });

  it('commits start and expiry before the first object is written', async () => {
    await reconcile();
    await approve();
    client.refuse(
      'create',
      /serviceaccounts/,
      apiError(403, 'Forbidden', 'no'),
    );
    await expect(reconcile()).rejects.toThrow('no');
    expect((await current()).entries.map(({ kind }) => kind)).toContain(
      'started',
    );
  });

  it('leaves a standing grant alone when nothing has changed', async () => {
    const reconciler = aReconciler();
    await reconcile(reconciler);
    await approve();
    await reconcile(reconciler);
    client.writes.length = 0;
    await reconcile(reconciler);
    expect(client.writes).toEqual([]);
  });

  it('follows the pods through a rollout without calling it a repair', async () => {
    const reconciler = aReconciler();
    await reconcile(reconciler);
    await approve();
    await reconcile(reconciler);
    client.objects.delete(`${PODS}/api-1`);
    addPod('api-3');
    await reconcile(reconciler);
    expect(role().rules?.[0].resourceNames).toEqual(['api-2', 'api-3']);
    expect(await auditIds()).not.toContain('grant-repair');
  });

  it('names no pod at all, in no rule, when none matches any more', async () => {
    await makeActive();
    client.objects.delete(`${PODS}/api-1`);
    client.objects.delete(`${PODS}/api-2`);
    await reconcile();
    expect(role().rules).toEqual([]);
    expect(resource().status?.conditions?.[1]).toMatchObject({
      type: 'PodsMatched',
      status: 'False',
      reason: 'NoPods',
    });
  });

  it.each([
    [
      'a widened Role',
      '/roles/',
      { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] },
    ],
    [
      'a RoleBinding with another subject',
      '/rolebindings/',
      { subjects: [{ kind: 'User', name: 'mallory' }] },
    ],
    [
      'a ServiceAccount without its owner',
      '/serviceaccounts/',
      { metadata: { ownerReferences: [] } },
    ],
  ])('puts %s right and says so', async (_, kind, change) => {
    await makeActive();
    const [path] = client.paths(kind);
    await client.patch(path, 'merge', { metadata: {}, ...change });
    const before = structuredClone(client.objects.get(path));
    await reconcile();
    expect(client.objects.get(path)).not.toEqual(before);
    expect(JSON.stringify(client.objects.get(path))).not.toMatch(
      /mallory|"\*"/,
    );
    expect(client.objects.get(path)?.metadata.ownerReferences).toHaveLength(1);
    expect(await auditIds()).toContain('grant-repair');
  });

  it.each(['/roles/', '/rolebindings/', '/serviceaccounts/'])(
    'makes %s again when somebody deleted it',
    async kind => {
      await makeActive();
      client.objects.delete(client.paths(kind)[0]);
      await reconcile();
      expect(client.paths(kind)).toHaveLength(1);
      expect(await auditIds()).toContain('grant-repair');
    },
  );

  it('does not adopt what was planted under the names of a new grant', async () => {
    await reconcile();
    const { resourceUid = '' } = (await current()).observed;
    const name = `kubernetes-access-ada-${request.id}-${resourceUid
      .replace(/-/g, '')
      .slice(0, 8)}`;
    const planted: KubeObject[] = [
      client.put(ACCOUNTS, { kind: 'ServiceAccount', metadata: { name } }),
      client.put(`${RBAC}/roles`, {
        kind: 'Role',
        metadata: { name },
        rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
      }),
    ];
    await approve();
    await reconcile();
    expect(role().rules?.flatMap(rule => rule.resources)).not.toContain(
      'secrets',
    );
    const uids = [...client.objects.values()].map(
      ({ metadata }) => metadata.uid,
    );
    for (const { metadata } of planted) {
      expect(uids).not.toContain(metadata.uid);
    }
    expect(await auditIds()).toContain('grant-repair');
  });

  it.each([
    [{ waiting: 1 }, 'Unknown', 'Waiting'],
    [{ left: 1, unknown: 1 }, 'False', 'ProcessesLeft'],
    [{ unknown: 2 }, 'Unknown', 'CannotTell'],
    [{}, 'True', 'NoneReported'],
  ])(
    'says what became of the processes of its terminals also when that is found late: %j is %s',
    async (found, status, reason) => {
      await makeActive();
      await revoke();
      await reconcile();
      await stores.requests.change(request.id, () => ({
        observed: {
          processes: { sessions: 2, waiting: 0, left: 0, unknown: 0, ...found },
        },
      }));
      await reconcile();
      expect(resource().status?.conditions).toContainEqual(
        expect.objectContaining({ type: 'ProcessesEnded', status, reason }),
      );
      client.writes.length = 0;
      await reconcile();
      expect(client.writes).toEqual([]);
    },
  );

  it('removes everything of a revoked request and lets go of the resource', async () => {
    await makeActive();
    await revoke();
    await reconcile();
    expect(client.paths('kubernetes-access-ada')).toEqual([]);
    expect(resource()).toMatchObject({
      metadata: {
        finalizers: [],
        labels: { 'kubernetes-access.io/open': 'false' },
      },
      status: { phase: 'Revoked', endReason: 'revoked' },
    });
    expect(resource().status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Removed', status: 'True' }),
    );
    expect((await current()).observed.removal.state).toBe('removed');
    expect((await auditIds()).slice(-2)).toEqual([
      'request-end',
      'grant-remove',
    ]);
    expect(followed.size).toBe(0);
    expect(await store.listUnfinished(CLUSTER_UID)).toEqual([]);
  });

  it('deletes the RoleBindings before anything else', async () => {
    await makeActive();
    await revoke();
    client.writes.length = 0;
    await reconcile();
    const deleted = client.writes.filter(({ verb }) => verb === 'delete');
    expect(deleted[0].path).toContain('/rolebindings/');
    expect(deleted).toHaveLength(3);
  });

  it('removes the grant when its time is up and puts that on record', async () => {
    await makeActive();
    await clock.advance(3600_000);
    await reconcile();
    expect(client.paths('kubernetes-access-ada')).toEqual([]);
    expect((await current()).entries.at(-1)).toMatchObject({
      kind: 'ended',
      reason: 'expired',
      actor: 'system',
    });
  });

  it('takes back a grant whose request ended while it was being made', async () => {
    await reconcile();
    await approve();
    const create = client.create.bind(client);
    client.create = async <T>(path: string, body: object): Promise<T> => {
      if (path.endsWith('/rolebindings')) {
        await revoke();
      }
      return create<T>(path, body);
    };
    await reconcile();
    expect(client.paths('kubernetes-access-ada')).toEqual([]);
    expect((await current()).observed.grantedAt).toBeUndefined();
    expect(resource().status?.phase).toBe('Revoked');
  });

  it('ends a request whose resource is being deleted by hand, and lets it go', async () => {
    await makeActive();
    await client.delete(`${RESOURCES}/${request.resourceName}`);
    await reconcile();
    expect(client.paths('kubernetes-access-ada')).toEqual([]);
    expect(resource()).toBeUndefined();
    expect((await current()).entries.at(-1)).toMatchObject({
      reason: 'deleted',
      actor: 'outside Backstage, unknown',
    });
  });

  it('ends a request whose resource was replaced, and deletes the replacement', async () => {
    await makeActive();
    const path = `${RESOURCES}/${request.resourceName}`;
    const { uid: _, ...metadata } = resource().metadata;
    client.objects.delete(path);
    client.put(RESOURCES, { ...resource, metadata, spec: {} } as KubeObject);
    await reconcile();
    expect((await current()).entries.at(-1)).toMatchObject({
      reason: 'tampered',
    });
    expect(client.paths('kubernetes-access-ada')).toEqual([]);
    expect(client.paths(path)).toEqual([]);
  });

  it('shows what keeps the grant from being made, and forgets it when it is', async () => {
    await reconcile();
    await approve();
    const allow = client.refuse(
      'create',
      /\/roles$/,
      apiError(403, 'Forbidden', 'roles is forbidden'),
    );
    await expect(reconcile()).rejects.toThrow('roles is forbidden');
    expect((await current()).observed.message).toBe('roles is forbidden');
    allow();
    await reconcile();
    expect((await current()).observed).toMatchObject({
      grantedAt: expect.any(String),
    });
    expect((await current()).observed.message).toBeUndefined();
  });

  it('shows what could not be removed, and tries until it is', async () => {
    await makeActive();
    await revoke();
    const allow = client.refuse(
      'delete',
      /\/roles\//,
      apiError(500, 'InternalError', 'etcd is away'),
    );
    await expect(reconcile()).rejects.toThrow('etcd is away');
    expect(client.paths('/rolebindings/')).toEqual([]);
    expect((await current()).observed.removal).toMatchObject({
      state: 'failing',
      message: expect.stringContaining('payments'),
    });
    expect(resource().metadata.finalizers).toHaveLength(1);
    allow();
    await reconcile();
    expect((await current()).observed.removal.state).toBe('removed');
  });

  it('takes everything back also where the status cannot be put right', async () => {
    await makeActive();
    client.refuse(
      'patch',
      /status$/,
      apiError(
        422,
        'Invalid',
        'a request that is Denied cannot become Revoked',
      ),
    );
    await revoke();
    await reconcile();
    expect(client.paths('kubernetes-access-ada')).toEqual([]);
    expect(resource().metadata.finalizers).toEqual([]);
    expect((await current()).observed.removal.state).toBe('removed');
  });

  it('counts what is in a namespace that is gone as removed', async () => {
    await makeActive();
    for (const path of client.paths('/namespaces/payments')) {
      client.objects.delete(path);
    }
    const forbidden = apiError(403, 'Forbidden', 'no rights here any more');
    client.refuse('delete', /namespaces\/payments\//, forbidden);
    client.refuse('list', /namespaces\/payments\//, forbidden);
    await revoke();
    await reconcile();
    expect((await current()).observed.removal.state).toBe('removed');
  });

  it('does not count a namespace that it may merely not see into as removed', async () => {
    await makeActive();
    client.refuse('list', /roles/, apiError(403, 'Forbidden', 'not yours'));
    await revoke();
    await expect(reconcile()).rejects.toThrow('not yours');
    expect((await current()).observed.removal.state).toBe('failing');
  });

  it('finishes the work of a process that died at any write', async () => {
    await approve();
    for (let dieAt = 1; dieAt < 12; dieAt++) {
      let left = dieAt;
      const verbs = ['create', 'patch'] as const;
      const restore = verbs.map(verb => dieOn(verb, () => --left < 0));
      await reconcile().catch(() => {});
      restore.forEach(undo => undo());
    }
    await reconcile();
    expect(resource().status?.phase).toBe('Active');
    expect(client.paths('kubernetes-access-ada')).toHaveLength(3);
    await revoke();
    await reconcile();
    expect(client.paths('kubernetes-access-ada')).toEqual([]);
  });

  function dieOn(verb: 'create' | 'patch', isTime: () => boolean): () => void {
    const original = client[verb].bind(client) as (
      ...args: unknown[]
    ) => Promise<never>;
    client[verb] = async (...args: unknown[]) => {
      if (isTime()) {
        throw new Error('died');
      }
      return original(...args);
    };
    return () => {
      client[verb] = original;
    };
  }
});
