import { mockServices } from '@backstage/backend-test-utils';
import type { StoredRequest } from '../database/types';
import { grantName } from '../grants';
import { buildGrant } from '../grants/buildGrant';
import { buildResource } from '../grants/buildResource';
import type { ClusterConnection, KubeObject } from '../kubernetes';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { FakeKubeClient } from '../testUtils/FakeKubeClient';
import { ManualClock } from '../testUtils/ManualClock';
import { anApproval, aNewRequest, termsOf } from '../testUtils/requests';
import { OrphanSweep } from './OrphanSweep';

const RBAC = '/apis/rbac.authorization.k8s.io/v1/namespaces/payments';
const ACCOUNTS = '/api/v1/namespaces/grants/serviceaccounts';
const RESOURCES = '/apis/kubernetes-access.io/v1alpha1/accessrequests';

describe('OrphanSweep', () => {
  let clock: ManualClock;
  let stores: TestStores;
  let client: FakeKubeClient;
  let sweep: OrphanSweep;
  let over: AbortController;
  let request: StoredRequest;
  let logger: ReturnType<typeof mockServices.logger.mock>;

  beforeEach(async () => {
    clock = new ManualClock();
    stores = await openTestStores({ clock });
    client = new FakeKubeClient();
    over = new AbortController();
    logger = mockServices.logger.mock();
    request = await stores.requests.create(aNewRequest());
    const made = client.put(
      RESOURCES,
      buildResource(request, 'installation-1') as KubeObject,
    );
    request = await stores.requests.change(request.id, (current, now) => ({
      entries: [
        anApproval(current),
        {
          kind: 'started',
          actor: 'system',
          startsAt: now.toISOString(),
          expiresAt: new Date(now.getTime() + 3600_000).toISOString(),
        },
      ],
      observed: { resourceUid: made.metadata.uid },
    }));
    sweep = new OrphanSweep({
      connection: {
        name: 'demo',
        uid: termsOf().clusterUid,
        client,
        grantNamespace: 'grants',
      } as unknown as ClusterConnection,
      store: stores.requests,
      audit: stores.audit,
      installationId: 'installation-1',
      logger,
      over: over.signal,
    });
  });

  afterEach(() => stores.close());

  /** Puts the objects of a grant there, as far as they are those of the request. */
  function putGrant(
    of: Pick<StoredRequest, 'id' | 'terms' | 'resourceName'>,
    resourceUid: string,
    installationId: string = 'installation-1',
  ) {
    const grant = buildGrant({
      request: of,
      resourceUid,
      podNames: new Map([['payments', ['api-1']]]),
      grantNamespace: 'grants',
      installationId,
    });
    client.put(ACCOUNTS, grant.serviceAccount);
    client.put(`${RBAC}/roles`, grant.namespaces[0].role);
    client.put(`${RBAC}/rolebindings`, grant.namespaces[0].roleBinding);
    return grant.name;
  }

  async function endAndRemove() {
    await stores.requests.change(request.id, (_, now) => ({
      entries: [
        { kind: 'ended', actor: 'user:default/olga', reason: 'revoked' },
      ],
      observed: { removal: { state: 'removed', at: now.toISOString() } },
    }));
  }

  it('leaves the objects of a standing grant alone', async () => {
    const name = putGrant(request, request.observed.resourceUid ?? '');
    expect(name).toBe(
      grantName(
        request.requester,
        request.id,
        request.observed.resourceUid ?? '',
      ),
    );
    await sweep.run();
    expect(client.paths(name)).toHaveLength(3);
  });

  it('deletes what came back of a grant that was removed, RoleBindings first', async () => {
    const name = putGrant(request, request.observed.resourceUid ?? '');
    await endAndRemove();
    await sweep.run();
    expect(client.paths(name)).toEqual([]);
    expect(client.writes[0].path).toContain('/rolebindings/');
    expect((await stores.audit.read('system')).map(e => e.eventId)).toEqual([
      'grant-repair',
      'grant-repair',
      'grant-repair',
    ]);
  });

  it('puts on record what it deleted when it is over in the middle, and deletes no more', async () => {
    const name = putGrant(request, request.observed.resourceUid ?? '');
    await endAndRemove();
    const remove = client.delete.bind(client);
    client.delete = async (...call) => {
      over.abort();
      return remove(...call);
    };
    await expect(sweep.run()).rejects.toThrow('aborted');
    expect(client.paths(name)).toHaveLength(2);
    expect(await stores.audit.read('system')).toHaveLength(1);
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });

  it('deletes objects of a request that is on nobody’s record', async () => {
    const unknown = aNewRequest();
    const name = putGrant(unknown, 'uid-unknown');
    await sweep.run();
    expect(client.paths(name)).toEqual([]);
  });

  it('deletes objects that name another resource of the same request', async () => {
    const name = putGrant(request, 'another-uid');
    await sweep.run();
    expect(client.paths(name)).toEqual([]);
  });

  it.each([
    ['of another installation', { installation: 'installation-2' }],
    ['without our labels', { labels: {} }],
    ['without an owner', { ownerReferences: [] }],
    ['without our prefix', { name: 'payments-admin' }],
  ])('touches nothing that is %s', async (_, difference) => {
    const { installation, ...metadata } = difference as {
      installation?: string;
    };
    const unknown = aNewRequest();
    const { namespaces } = buildGrant({
      request: unknown,
      resourceUid: 'uid-unknown',
      podNames: new Map(),
      grantNamespace: 'grants',
      installationId: installation ?? 'installation-1',
    });
    const { role } = namespaces[0];
    client.put(`${RBAC}/roles`, {
      ...role,
      metadata: { ...role.metadata, ...metadata },
    });
    await sweep.run();
    expect(client.paths('/roles/')).toHaveLength(1);
  });

  it('deletes the resource of a request three days after its removal was verified', async () => {
    await endAndRemove();
    await clock.advance(3 * 24 * 3600_000 - 1);
    await sweep.run();
    expect(client.paths(RESOURCES)).toHaveLength(1);
    await clock.advance(1);
    await sweep.run();
    const [left] = client.paths(RESOURCES);
    // The finalizer holds it in this test; it was asked to go.
    expect(client.objects.get(left)?.metadata.deletionTimestamp).toBeDefined();
  });

  it('says once of an AccessRequest made by hand that it grants nothing, and leaves it', async () => {
    client.put(RESOURCES, {
      metadata: { name: 'by-hand' },
      spec: { requester: 'user:default/eve', targets: [] },
    } as KubeObject);
    await sweep.run();
    await sweep.run();
    expect(client.paths('by-hand')).toHaveLength(1);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('AccessRequest by-hand was not made'),
    );
    const events = await stores.audit.read('system');
    expect(events).toMatchObject([
      {
        eventId: 'grant-repair',
        actor: 'outside Backstage, unknown',
        meta: { claimedRequester: 'user:default/eve' },
      },
    ]);
  });

  it('clears away what claims to be ours, is not on record, and hides from the watch', async () => {
    const forged = buildResource(
      aNewRequest({ id: '01zzzz' }),
      'installation-1',
    );
    client.put(RESOURCES, {
      ...forged,
      metadata: {
        ...forged.metadata,
        name: 'hidden',
        finalizers: [],
        labels: {
          ...forged.metadata.labels,
          'kubernetes-access.io/open': 'false',
        },
      },
    } as KubeObject);
    await sweep.run();
    expect(client.paths('hidden')).toEqual([]);
  });

  it('does not say of one of ours whose labels were taken off that it was made by hand', async () => {
    const [path] = client.paths(RESOURCES);
    const ours = client.objects.get(path)!;
    ours.metadata.labels = {};
    await sweep.run();
    expect(client.paths(RESOURCES)).toEqual([path]);
    expect(logger.warn).not.toHaveBeenCalled();
  });
});
