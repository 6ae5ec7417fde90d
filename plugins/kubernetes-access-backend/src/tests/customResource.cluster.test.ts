import { randomBytes, randomUUID } from 'node:crypto';
import { mockServices } from '@backstage/backend-test-utils';
import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  LABELS,
  OUTSIDE_ACTOR,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { SystemClock } from '../controller';
import type { StoredRequest } from '../database';
import { OrphanSweep } from '../endings/OrphanSweep';
import { buildResource } from '../grants/buildResource';
import { createRequestId } from '../requests/requestId';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { GrantScene, SCENE_NAMESPACE } from '../testUtils/GrantScene';
import { eventually } from '../testUtils/RealCluster';
import { aNewRequest } from '../testUtils/requests';
import { TestReplica } from '../testUtils/TestReplica';

jest.setTimeout(240_000);

const EVE = 'user:default/eve';
const LATER = '2037-01-01T00:00:00.000Z';

/** Everything here is done by the administrator of the cluster, whom no policy holds back. */
describe('AccessRequests in a real cluster, written by hand,', () => {
  const installationId = randomUUID();
  let scene: GrantScene;
  let stores: TestStores;
  let replica: TestReplica;

  beforeAll(async () => {
    scene = await GrantScene.set();
    stores = await openTestStores({
      clock: new SystemClock(),
      engine: 'sqlite',
      installationId,
    });
    await start();
  });

  afterAll(async () => {
    await replica?.stop();
    await stores?.close();
    await scene?.clear();
    await scene?.removeLeases(installationId);
  });

  async function start(): Promise<void> {
    replica = await TestReplica.start({
      cluster: scene.cluster,
      stores,
      installationId,
    });
    await eventually(() => expect(replica.leads).toBe(true), 30_000);
  }

  const kubectl = (args: string[], input?: object) =>
    scene.cluster.kubectl(args, input);

  async function read(name: string): Promise<AccessRequestResource> {
    return scene.cluster.getJson(['accessrequest', name]);
  }

  async function patch(
    name: string,
    body: object,
    ...options: string[]
  ): Promise<void> {
    await kubectl([
      'patch',
      'accessrequest',
      name,
      '--type=merge',
      `--patch=${JSON.stringify(body)}`,
      ...options,
    ]);
  }

  async function expectGone(name: string): Promise<void> {
    await eventually(async () =>
      expect(
        await kubectl(['get', 'accessrequest', name, '--ignore-not-found']),
      ).toBe(''),
    );
  }

  /** What the back end has put on record of what it found, of a request or of none. */
  async function found(chain: string): Promise<string> {
    const events = await stores.audit.read(chain);
    return JSON.stringify(
      events.filter(
        ({ eventId, actor }) =>
          eventId === 'grant-repair' && actor === OUTSIDE_ACTOR,
      ),
    );
  }

  async function sweep(): Promise<void> {
    await new OrphanSweep({
      connection: replica.connection,
      store: stores.requests,
      audit: stores.audit,
      installationId,
      logger: mockServices.logger.mock(),
      over: new AbortController().signal,
    }).run();
  }

  /** A resource as the back end would make it for Eve, of a request that nobody has on record. */
  function forged(): AccessRequestResource {
    const request = aNewRequest({
      id: createRequestId(Date.now(), randomBytes(10)),
      terms: {
        clusterUid: replica.connection.uid,
        requester: EVE,
        targets: [
          { namespace: SCENE_NAMESPACE, podSelector: `app=${scene.app}` },
        ],
      },
    });
    scene.willMake(request.resourceName);
    return buildResource(request, installationId);
  }

  /** Makes it, and says of it everything that could make somebody believe in it. */
  async function plant(resource: AccessRequestResource): Promise<string> {
    const { name } = resource.metadata;
    await kubectl(['create', '--filename=-'], resource);
    await patch(
      name,
      {
        status: {
          phase: 'Active',
          startsAt: new Date().toISOString(),
          grantedAt: new Date().toISOString(),
          expiresAt: LATER,
        },
      },
      '--subresource=status',
    ).catch(() => 'it was quicker to go');
    return name;
  }

  describe('made in the name of somebody else,', () => {
    let bystander: StoredRequest;

    beforeAll(async () => {
      bystander = await scene.grant(stores);
    });

    async function expectNothingGranted({ metadata }: AccessRequestResource) {
      const claimed = metadata.labels?.[LABELS.request] ?? '';
      if (claimed !== bystander.id) {
        expect(await scene.objects(claimed)).toEqual([]);
      }
      expect(
        await kubectl([
          'get',
          'serviceaccounts,roles,rolebindings',
          '--all-namespaces',
          '--output=name',
        ]),
      ).not.toContain('kubernetes-access-eve');
    }

    it.each<[string, (of: AccessRequestResource) => AccessRequestResource]>([
      ['as the back end would make it', of => of],
      [
        'under a name of its own',
        ({ metadata, ...of }) => ({
          ...of,
          metadata: { ...metadata, name: `eve-${randomUUID()}` },
        }),
      ],
      [
        'labelled as that of another request that stands',
        ({ metadata, ...of }) => ({
          ...of,
          metadata: {
            ...metadata,
            labels: { ...metadata.labels, [LABELS.request]: bystander.id },
          },
        }),
      ],
      [
        'and hidden from who looks for open ones',
        ({ metadata, ...of }) => ({
          ...of,
          metadata: {
            ...metadata,
            labels: { ...metadata.labels, [LABELS.open]: 'false' },
          },
        }),
      ],
    ])('%s, are reported, grant nothing, and go', async (_, change) => {
      const before = await scene.uids(bystander.id);
      const resource = change(forged());
      scene.willMake(resource.metadata.name);

      const name = await plant(resource);
      await sweep();

      await expectGone(name);
      await expectNothingGranted(resource);
      expect(await scene.uids(bystander.id)).toEqual(before);
      await eventually(async () => {
        const reported = await found('system');
        expect(reported).toContain(name);
        expect(reported).toContain(EVE);
      });
    });

    it.each(['without a sign of ours', 'in the pattern of our names'])(
      '%s, are reported, grant nothing, and are left to their makers',
      async how => {
        const { metadata, ...rest } = forged();
        const name = how.startsWith('without')
          ? `eve-${randomUUID()}`
          : metadata.name;
        scene.willMake(name);

        await plant({ ...rest, metadata: { name } });
        await sweep();

        await expectNothingGranted({ ...rest, metadata });
        expect((await read(name)).metadata.deletionTimestamp).toBeUndefined();
        const reported = await found('system');
        expect(reported).toContain(
          `AccessRequest ${name} was not made through Backstage; it grants nothing`,
        );
        expect(reported).toContain(EVE);
      },
    );
  });

  describe('of a standing grant, changed in their metadata,', () => {
    it.each<[string, (request: StoredRequest) => object]>([
      ['hidden', () => ({ labels: { [LABELS.open]: 'false' } })],
      [
        'labelled as nobody’s',
        () => ({ labels: { [LABELS.installation]: null } }),
      ],
      [
        'labelled as that of another installation',
        () => ({ labels: { [LABELS.installation]: randomUUID() } }),
      ],
      [
        'labelled as that of another request',
        () => ({
          labels: {
            [LABELS.request]: createRequestId(Date.now(), randomBytes(10)),
          },
        }),
      ],
      [
        'annotated as that of somebody else',
        () => ({ annotations: { 'kubernetes-access.io/requester': EVE } }),
      ],
      ['no longer held by the finalizer', () => ({ finalizers: null })],
      [
        'given an owner with which they would go',
        () => ({
          ownerReferences: [
            {
              apiVersion: 'v1',
              kind: 'Namespace',
              name: 'kube-system',
              uid: replica.connection.uid,
            },
          ],
        }),
      ],
    ])('%s, are put right, and the grant stays as it is', async (_, change) => {
      const request = await scene.grant(stores);
      const { resourceName: name } = request;
      const before = await scene.uids(request.id);
      const wanted = buildResource(request, installationId).metadata;

      await patch(name, { metadata: change(request) });

      await eventually(async () => {
        const { metadata } = await read(name);
        expect(metadata).toMatchObject({
          labels: wanted.labels,
          annotations: wanted.annotations,
          finalizers: wanted.finalizers,
        });
        expect(metadata).not.toHaveProperty('ownerReferences');
        expect(await found(request.id)).toContain(name);
      });
      expect(await scene.uids(request.id)).toEqual(before);
      expect((await scene.see(stores, request.id)).observed.removal.state).toBe(
        'none',
      );
    });
  });

  describe('with a status that is not true,', () => {
    async function phaseOf(request: StoredRequest): Promise<string> {
      const current = await scene.see(stores, request.id);
      return stateAt(current, current.observed, new Date()).phase;
    }

    it.each(['Approved', 'Active'] as const)(
      'saying %s while nobody has decided, grant nothing and contradict themselves',
      async phase => {
        const { id } = await scene.ask(stores);
        const request = await scene.shown(stores, id);
        await eventually(async () =>
          expect((await read(request.resourceName)).status?.phase).toBe(
            'Pending',
          ),
        );

        await patch(
          request.resourceName,
          { status: { phase, expiresAt: LATER, message: 'Go ahead.' } },
          '--subresource=status',
        );

        await eventually(async () => {
          const { status } = await read(request.resourceName);
          expect(status?.message).toBe(
            'Do not believe this status: phase of it was written by somebody else and cannot be put right. The request is Pending.',
          );
          expect(status?.expiresAt).toBeUndefined();
          expect(status?.conditions).toContainEqual(
            expect.objectContaining({ type: 'Granted', status: 'False' }),
          );
          expect(await found(id)).toContain('phase, expiresAt of the status');
        });
        expect(await scene.objects(id)).toEqual([]);
        expect(await phaseOf(request)).toBe('Pending');
        await scene.approve(stores, id);
        await scene.granted(stores, id);
        // Once, however often it has been looked at since.
        expect(
          (await found(id)).match(/phase, expiresAt of the status/g),
        ).toHaveLength(1);
        await scene.revoke(stores, id);
        await scene.removed(stores, id);
      },
    );

    it('saying that the access lasts longer, are put right, and it does not', async () => {
      const request = await scene.grant(stores, 600);
      const { expiresAt } = stateAt(request, request.observed, new Date());

      await patch(
        request.resourceName,
        { status: { expiresAt: LATER } },
        '--subresource=status',
      );

      await eventually(async () => {
        const { status } = await read(request.resourceName);
        expect(status?.expiresAt).toBe(expiresAt);
        expect(await found(request.id)).toContain(
          'expiresAt of the status of AccessRequest',
        );
      });
      const current = await scene.see(stores, request.id);
      expect(stateAt(current, current.observed, new Date()).expiresAt).toBe(
        expiresAt,
      );
    });

    it('saying that it is over while it is not, contradict themselves, and nobody is fooled', async () => {
      const request = await scene.grant(stores);

      await patch(
        request.resourceName,
        { status: { phase: 'Expired', endedAt: '2026-01-01T00:00:00.000Z' } },
        '--subresource=status',
      );

      await eventually(async () =>
        expect((await read(request.resourceName)).status?.message).toContain(
          'The request is Active.',
        ),
      );
      expect(await scene.mayExec(request, scene.pods[0])).toBe(true);
      await scene.revoke(stores, request.id);
      await scene.removed(stores, request.id);
      await eventually(async () => {
        const { status, metadata } = await read(request.resourceName);
        expect(status?.message).toContain('The request is Revoked.');
        expect(metadata.finalizers ?? []).toEqual([]);
      });
    });
  });

  describe('asking for something else than was approved,', () => {
    const WIDER = {
      requester: EVE,
      targets: [{ namespace: 'kube-system', podSelector: 'a=b' }],
      duration: '86400s',
    };

    it.each<[string, RegExp, (name: string) => Promise<unknown>]>([
      [
        'by a merge patch',
        /immutable|never changes|cannot/i,
        name => patch(name, { spec: WIDER }),
      ],
      [
        'by a JSON patch',
        /immutable|never changes|cannot/i,
        name =>
          kubectl([
            'patch',
            'accessrequest',
            name,
            '--type=json',
            `--patch=${JSON.stringify([
              { op: 'replace', path: '/spec/requester', value: EVE },
            ])}`,
          ]),
      ],
      [
        'by a server-side apply',
        /immutable|never changes|cannot/i,
        async name => {
          const { apiVersion, kind } = await read(name);
          await kubectl(
            ['apply', '--server-side', '--force-conflicts', '--filename=-'],
            { apiVersion, kind, metadata: { name }, spec: WIDER },
          );
        },
      ],
      [
        'by writing all of it',
        /immutable|never changes|cannot/i,
        async name => {
          const resource = await read(name);
          await kubectl(['replace', '--filename=-'], {
            ...resource,
            spec: { ...resource.spec, ...WIDER },
          });
        },
      ],
      [
        'by way of its scale',
        /not found|could not find|Not Found/i,
        name => kubectl(['scale', 'accessrequest', name, '--replicas=2']),
      ],
    ])('%s, are refused by the API server', async (_, words, attempt) => {
      const request = await scene.grant(stores);
      const { spec } = await read(request.resourceName);

      await expect(attempt(request.resourceName)).rejects.toThrow(words);

      expect((await read(request.resourceName)).spec).toEqual(spec);
      expect(await scene.objects(request.id)).toHaveLength(3);
    });

    it('by way of the status, are not changed', async () => {
      const request = await scene.grant(stores);
      const { spec } = await read(request.resourceName);

      await patch(
        request.resourceName,
        { spec: WIDER },
        '--subresource=status',
      ).catch(() => 'refused');

      expect((await read(request.resourceName)).spec).toEqual(spec);
    });
  });

  describe('deleted or replaced,', () => {
    async function ends(id: string): Promise<StoredRequest> {
      await scene.removed(stores, id);
      return scene.see(stores, id);
    }

    const lastOf = ({ entries }: StoredRequest) => entries[entries.length - 1];

    it('by force, are not taken for what stood there, and go', async () => {
      const request = await scene.grant(stores);
      const resource = await read(request.resourceName);
      const { labels, finalizers, name } = resource.metadata;

      await kubectl(['replace', '--force', '--filename=-'], {
        ...resource,
        metadata: { name, labels, finalizers },
        spec: { ...resource.spec, requester: EVE },
      });

      expect(lastOf(await ends(request.id))).toMatchObject({
        kind: 'ended',
        actor: OUTSIDE_ACTOR,
      });
      await eventually(async () => {
        replica.controller.poke(request.id);
        expect(
          await kubectl(['get', 'accessrequest', name, '--ignore-not-found']),
        ).toBe('');
      }, 30_000);
      expect(await found('system')).toContain(name);
    });

    it.each([
      ['held by their finalizer', false],
      ['with their finalizer taken off', true],
    ])(
      'while no back end runs, %s, end the access when one runs again',
      async (_, isForced) => {
        const request = await scene.grant(stores);
        await replica.stop();
        if (isForced) {
          await patch(request.resourceName, { metadata: { finalizers: null } });
        }
        await kubectl([
          'delete',
          'accessrequest',
          request.resourceName,
          '--wait=false',
        ]);

        await start();

        expect(lastOf(await ends(request.id))).toMatchObject({
          kind: 'ended',
          reason: 'deleted',
          actor: OUTSIDE_ACTOR,
        });
        await expectGone(request.resourceName);
      },
    );

    it.each<[string, (of: AccessRequestResource) => object]>([
      ['somebody else', () => ({ requester: EVE })],
      [
        'what has another digest',
        () => ({ digest: `sha256:${'0'.repeat(64)}` }),
      ],
      ['exactly the same', () => ({})],
    ])(
      'and made again for %s while no back end runs, end the access and grant nothing',
      async (_, change) => {
        const request = await scene.grant(stores);
        const resource = await read(request.resourceName);
        const { labels, annotations, finalizers, name } = resource.metadata;
        await replica.stop();
        await patch(name, { metadata: { finalizers: null } });
        await kubectl(['delete', 'accessrequest', name]);
        await kubectl(['create', '--filename=-'], {
          ...resource,
          metadata: { name, labels, annotations, finalizers },
          spec: { ...resource.spec, ...change(resource) },
        });

        await start();

        expect(lastOf(await ends(request.id))).toMatchObject({
          kind: 'ended',
          reason: 'tampered',
          actor: OUTSIDE_ACTOR,
        });
        await expectGone(name);
      },
    );
  });

  describe('and what is planted beside a grant', () => {
    it('under its name in another namespace, goes nowhere once the grant has ended', async () => {
      const request = await scene.grant(stores);
      const name = scene.nameOf(request);
      const planted = [name, '--namespace=storefront'];
      await kubectl([
        'create',
        'role',
        ...planted,
        '--verb=get',
        '--resource=secrets',
      ]);
      await kubectl([
        'create',
        'rolebinding',
        ...planted,
        `--role=${name}`,
        `--serviceaccount=kubernetes-access-grants:${name}`,
      ]);
      try {
        // The session asks for pods that are on record, never for what the ServiceAccount could do.
        await expect(
          replica.controller.ensurePod(request, 'storefront', 'web'),
        ).rejects.toThrow(/is not one that request/);
        await scene.revoke(stores, request.id);
        await scene.removed(stores, request.id);
        await expect(
          kubectl([
            'create',
            'token',
            name,
            '--namespace=kubernetes-access-grants',
          ]),
        ).rejects.toThrow(/not found/);
      } finally {
        await kubectl(['delete', 'rolebinding,role', ...planted]);
      }
    });
  });
});
