import { randomUUID } from 'node:crypto';
import { SystemClock } from '../controller';
import type { StoredRequest } from '../database';
import { buildGrant } from '../grants/buildGrant';
import { buildResource } from '../grants/buildResource';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import {
  GRANT_NAMESPACE,
  GrantScene,
  SCENE_NAMESPACE,
} from '../testUtils/GrantScene';
import { eventually } from '../testUtils/RealCluster';
import { TestReplica } from '../testUtils/TestReplica';

jest.setTimeout(240_000);

const IN_NAMESPACE = `--namespace=${SCENE_NAMESPACE}`;

/** A Backstage with a database of its own. */
interface Installation {
  id: string;
  stores: TestStores;
  replica: TestReplica;
}

describe('what others do in a real cluster', () => {
  const installations: Installation[] = [];
  let scene: GrantScene;
  let ours: Installation;

  beforeAll(async () => {
    scene = await GrantScene.set();
    ours = await install();
  });

  afterAll(async () => {
    for (const { replica, stores } of installations) {
      await replica.stop();
      await stores.close();
    }
    await scene?.clear();
    await scene?.removeLeases(...installations.map(({ id }) => id));
  });

  async function install(): Promise<Installation> {
    const id = randomUUID();
    const stores = await openTestStores({
      clock: new SystemClock(),
      engine: 'sqlite',
      installationId: id,
    });
    const replica = await TestReplica.start({
      cluster: scene.cluster,
      stores,
      installationId: id,
    });
    await eventually(() => expect(replica.leads).toBe(true));
    const installation = { id, stores, replica };
    installations.push(installation);
    return installation;
  }

  async function repairsOf(
    id: string,
  ): Promise<Array<Record<string, unknown>>> {
    const events = await ours.stores.audit.read(id);
    return events
      .filter(({ eventId }) => eventId === 'grant-repair')
      .map(event => ({ ...event }));
  }

  describe('the objects of a standing grant, touched by hand,', () => {
    let request: StoredRequest;
    let name: string;

    beforeEach(async () => {
      request = await scene.grant(ours.stores);
      name = scene.nameOf(request);
    });

    // The full comparison comes only every half minute; what is noticed at once is there long before.
    const SOON_MS = 10_000;

    it.each([
      ['RoleBinding', 'rolebinding', SCENE_NAMESPACE],
      ['Role', 'role', SCENE_NAMESPACE],
      ['ServiceAccount', 'serviceaccount', GRANT_NAMESPACE],
    ])(
      'are put right at once when a %s is deleted, and that is on record',
      async (_, kind, namespace) => {
        await scene.cluster.kubectl([
          'delete',
          kind,
          name,
          `--namespace=${namespace}`,
        ]);
        await eventually(async () => {
          expect(await scene.objects(request.id)).toHaveLength(3);
          const [repair] = await repairsOf(request.id);
          expect(repair).toMatchObject({
            actor: 'outside Backstage, unknown',
            meta: { found: [expect.stringContaining('was missing')] },
          });
        }, SOON_MS);
        expect(await scene.mayExec(request, scene.pods[0])).toBe(true);
      },
    );

    it('are put right at once when a Role is widened', async () => {
      await scene.cluster.kubectl([
        'patch',
        'role',
        name,
        IN_NAMESPACE,
        '--type=merge',
        '--patch={"rules":[{"apiGroups":[""],"resources":["pods/exec"],"verbs":["get","create"]}]}',
      ]);
      await eventually(async () => {
        expect(await scene.mayExec(request, 'anything')).toBe(false);
        expect(await scene.mayExec(request, scene.pods[0])).toBe(true);
        expect(await repairsOf(request.id)).toHaveLength(1);
      }, SOON_MS);
    });

    it('are put right at once when somebody binds himself', async () => {
      await scene.cluster.kubectl([
        'patch',
        'rolebinding',
        name,
        IN_NAMESPACE,
        '--type=merge',
        '--patch={"subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"mallory"}]}',
      ]);
      await eventually(async () => {
        expect(
          await scene.cluster.getJson(['rolebinding', name, IN_NAMESPACE]),
        ).toMatchObject({
          subjects: [{ kind: 'ServiceAccount', name }],
        });
        expect(await repairsOf(request.id)).toHaveLength(1);
      }, SOON_MS);
    });

    it('are put right at once when the label by which we find them is taken off', async () => {
      await scene.cluster.kubectl([
        'label',
        'rolebinding',
        name,
        IN_NAMESPACE,
        'kubernetes-access.io/installation-',
      ]);
      await eventually(async () => {
        expect(await scene.objects(request.id)).toHaveLength(3);
        expect(
          await scene.cluster.getJson(['rolebinding', name, IN_NAMESPACE]),
        ).toMatchObject({
          metadata: {
            labels: { 'kubernetes-access.io/installation': ours.id },
          },
        });
      }, SOON_MS);
    });

    it('are not written again by anything that we do ourselves', async () => {
      const before = await scene.uids(request.id);
      const pod = `${scene.app}-${request.id.slice(-6)}`;
      await scene.addPod(pod);
      await eventually(async () =>
        expect(await scene.mayExec(request, pod)).toBe(true),
      );
      // The status follows the Role a moment later; then there is quiet.
      await eventually(async () => {
        const written = ours.replica.writes.length;
        await new Promise(resolve => setTimeout(resolve, 1_000));
        expect(ours.replica.writes.length).toBe(written);
      });
      expect(await scene.uids(request.id)).toEqual(before);
      expect(await repairsOf(request.id)).toEqual([]);
    });

    it('go again when they come back after the end', async () => {
      const { namespaces } = buildGrant({
        request,
        resourceUid: request.observed.resourceUid ?? '',
        podNames: new Map([[SCENE_NAMESPACE, scene.pods]]),
        grantNamespace: GRANT_NAMESPACE,
        installationId: ours.id,
      });
      await scene.revoke(ours.stores, request.id);
      await scene.removed(ours.stores, request.id);
      await scene.cluster.apply(namespaces[0].role);
      await scene.cluster.apply(namespaces[0].roleBinding);
      await eventually(async () => {
        expect(await scene.objects(request.id)).toEqual([]);
        expect(await repairsOf(request.id)).not.toEqual([]);
      }, SOON_MS);
    });
  });

  describe('an end that comes while the grant is being written', () => {
    it('takes back what there is without waiting for a call that hangs, and what the call brings about afterwards', async () => {
      const { id } = await scene.ask(ours.stores);
      await scene.shown(ours.stores, id);
      const hanging = ours.replica.hangAt({
        when: 'after',
        verb: 'create',
        path: /\/rolebindings$/,
      });
      await scene.approve(ours.stores, id);
      const goOn = await hanging;
      expect(await scene.objects(id)).toHaveLength(3);

      await scene.revoke(ours.stores, id);
      await eventually(async () => expect(await scene.objects(id)).toEqual([]));
      // And nobody says that all is well before the call is done with.
      const { observed } = await scene.see(ours.stores, id);
      expect(observed.removal.state).toBe('removing');

      goOn();
      await scene.removed(ours.stores, id);
    });

    it('undoes a write that was sent before it and arrives after it', async () => {
      const { id } = await scene.ask(ours.stores);
      await scene.shown(ours.stores, id);
      const hanging = ours.replica.hangAt({
        when: 'before',
        verb: 'create',
        path: /\/rolebindings$/,
      });
      await scene.approve(ours.stores, id);
      const goOn = await hanging;
      await scene.revoke(ours.stores, id);
      await eventually(async () => expect(await scene.objects(id)).toEqual([]));
      goOn();
      await scene.removed(ours.stores, id);
      expect((await scene.see(ours.stores, id)).observed.grantedAt).toBe(
        undefined,
      );
    });
  });

  describe('another installation', () => {
    let theirs: Installation;

    beforeAll(async () => {
      theirs = await install();
    });

    it('looks after its own grants in the same namespaces, and neither touches the other one’s', async () => {
      const mine = await scene.grant(ours.stores);
      const other = await scene.grant(theirs.stores);
      const before = await scene.uids(other.id);
      expect(before).toHaveLength(4);

      // Each has swept when it began; now each does everything else that it does.
      await scene.cluster.kubectl([
        'delete',
        'accessrequest',
        mine.resourceName,
        '--timeout=20s',
      ]);
      await scene.removed(ours.stores, mine.id);
      expect(await scene.uids(other.id)).toEqual(before);

      const third = await scene.grant(ours.stores);
      const kept = await scene.uids(third.id);
      await scene.revoke(theirs.stores, other.id);
      await scene.removed(theirs.stores, other.id);
      expect(await scene.uids(third.id)).toEqual(kept);

      const writtenBy = ({ replica }: Installation, id: string) =>
        replica.writes.filter(write => write.includes(id));
      expect(writtenBy(ours, other.id)).toEqual([]);
      expect(writtenBy(theirs, mine.id)).toEqual([]);
      expect(writtenBy(theirs, third.id)).toEqual([]);
    });

    it('is not touched when it starts anew beside grants that it knows nothing of', async () => {
      const mine = await scene.grant(ours.stores);
      const before = await scene.uids(mine.id);
      const newcomer = await install();
      await scene.grant(newcomer.stores);
      expect(await scene.uids(mine.id)).toEqual(before);
      expect(
        newcomer.replica.writes.filter(write => write.includes(mine.id)),
      ).toEqual([]);
    });

    it('keeps what belongs to it when ours claims a request of the same name', async () => {
      const other = await scene.grant(theirs.stores);
      const before = await scene.uids(other.id);
      ours.replica.controller.poke(other.id);
      await new Promise(resolve => setTimeout(resolve, 500));
      expect(await scene.uids(other.id)).toEqual(before);
    });
  });

  describe('a name that was planted beforehand', () => {
    it('is not adopted when it is the AccessRequest’s: the request fails and says so', async () => {
      ours.replica.stall();
      const request = await scene.ask(ours.stores);
      const planted = buildResource(request, ours.id);
      await scene.cluster.kubectl(['create', '--filename=-'], {
        ...planted,
        metadata: { ...planted.metadata, finalizers: [] },
        spec: { ...planted.spec, requester: 'user:default/mallory' },
      });
      await ours.replica.resume();
      await eventually(async () => {
        const { entries } = await scene.see(ours.stores, request.id);
        expect(entries[entries.length - 1]).toMatchObject({
          kind: 'ended',
          reason: 'failed',
          comment: expect.stringContaining('did not make'),
        });
      });
      expect(await scene.objects(request.id)).toEqual([]);
    });

    it.each([
      [
        'ServiceAccount',
        GRANT_NAMESPACE,
        (name: string) => ({
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          metadata: { name, namespace: GRANT_NAMESPACE },
        }),
      ],
      [
        'Role',
        SCENE_NAMESPACE,
        (name: string) => ({
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'Role',
          metadata: { name, namespace: SCENE_NAMESPACE },
          rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
        }),
      ],
      [
        'RoleBinding',
        SCENE_NAMESPACE,
        (name: string) => ({
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'RoleBinding',
          metadata: { name, namespace: SCENE_NAMESPACE },
          roleRef: {
            apiGroup: 'rbac.authorization.k8s.io',
            kind: 'ClusterRole',
            name: 'edit',
          },
          subjects: [
            {
              kind: 'User',
              apiGroup: 'rbac.authorization.k8s.io',
              name: 'mallory',
            },
          ],
        }),
      ],
    ])(
      'is replaced when it is a %s’s, and that is on record',
      async (kind, namespace, build) => {
        const { id } = await scene.ask(ours.stores);
        const request = await scene.shown(ours.stores, id);
        const name = scene.nameOf(request);
        await scene.cluster.kubectl(['create', '--filename=-'], build(name));
        const uidOf = async () =>
          scene.cluster.kubectl([
            'get',
            kind.toLowerCase(),
            name,
            `--namespace=${namespace}`,
            '--output=jsonpath={.metadata.uid}',
          ]);
        const planted = await uidOf();

        await scene.approve(ours.stores, id);
        await scene.granted(ours.stores, id);
        expect(await uidOf()).not.toBe(planted);
        expect(await scene.objects(id)).toHaveLength(3);
        expect(await scene.mayExec(request, scene.pods[0])).toBe(true);
        expect(
          await scene.cluster.may(name, 'get', 'secrets', IN_NAMESPACE),
        ).toBe(false);
        expect(await repairsOf(id)).toEqual([
          expect.objectContaining({
            meta: expect.objectContaining({
              found: [expect.stringMatching(new RegExp(`^${kind} .*not ours`))],
            }),
          }),
        ]);
      },
    );
  });
});
