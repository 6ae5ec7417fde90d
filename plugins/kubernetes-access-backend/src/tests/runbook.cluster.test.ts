import { randomUUID } from 'node:crypto';
import type { Cluster } from '@kubernetes-access/dev-cluster';
import {
  installChart,
  kubectl,
  startCluster,
} from '@kubernetes-access/dev-cluster';
import { SystemClock } from '../controller';
import type { StoredRequest } from '../database';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { GrantScene, SCENE_NAMESPACE } from '../testUtils/GrantScene';
import { eventually } from '../testUtils/RealCluster';
import { Runbook } from '../testUtils/Runbook';
import { TestReplica } from '../testUtils/TestReplica';

jest.setTimeout(240_000);

const NOTHING = 'nothing is left\n';

/**
 * The commands end everybody's access and take the chart away, so that they get a cluster of their own. It has no
 * node: pods are there and do not run, which makes no difference to rights.
 */
describe('the runbook', () => {
  let cluster: Cluster;
  let runbook: Runbook;
  let scene: GrantScene;
  let installationId: string;
  let stores: TestStores;
  let replica: TestReplica;
  let isRunning = false;

  beforeAll(async () => {
    cluster = await startCluster({
      name: `runbook-${process.pid}`,
      withoutNode: true,
    });
    runbook = await Runbook.open(cluster);
    await kubectl(cluster, ['create', 'namespace', SCENE_NAMESPACE]);
    await installChart(cluster, {
      sets: { targetNamespaces: `{${SCENE_NAMESPACE}}` },
    });
    await eventually(
      () =>
        kubectl(cluster, [
          'get',
          'serviceaccount',
          'default',
          `--namespace=${SCENE_NAMESPACE}`,
        ]),
      30_000,
    );
    scene = await GrantScene.set(cluster);
    await newInstallation();
  });

  afterAll(async () => {
    await stopBackEnd();
    await stores?.close();
    await scene?.cluster.close();
    await cluster?.stop();
  });

  async function newInstallation(id: string = randomUUID()): Promise<void> {
    await stores?.close();
    installationId = id;
    stores = await openTestStores({
      clock: new SystemClock(),
      engine: 'sqlite',
      installationId,
    });
  }

  async function startBackEnd(): Promise<void> {
    replica = await TestReplica.start({
      cluster: scene.cluster,
      stores,
      installationId,
    });
    isRunning = true;
  }

  async function leading(): Promise<void> {
    await eventually(() => expect(replica.leads).toBe(true), 30_000);
  }

  async function stopBackEnd(): Promise<void> {
    if (isRunning) {
      isRunning = false;
      await replica.stop();
    }
  }

  /** Grants that stand, made by a back end. */
  async function grants(count: number): Promise<StoredRequest[]> {
    await startBackEnd();
    await leading();
    const made: StoredRequest[] = [];
    for (let i = 0; i < count; i++) {
      made.push(await scene.grant(stores));
    }
    for (const request of made) {
      expect(await scene.mayExec(request, scene.pods[0])).toBe(true);
    }
    return made;
  }

  async function expectNoAccess(...requests: StoredRequest[]): Promise<void> {
    for (const request of requests) {
      expect(await scene.objects(request.id)).toEqual([]);
      expect(await scene.mayExec(request, scene.pods[0])).toBe(false);
    }
  }

  const list = (...what: string[]) =>
    kubectl(cluster, ['get', ...what, '--output=name']);

  it('ends everything with the back end by one command', async () => {
    const [end] = runbook.section('End everything, with the back end', 1);
    const made = await grants(2);

    await end();

    for (const { id } of made) {
      await scene.removed(stores, id);
    }
    await expectNoAccess(...made);
    await eventually(async () => expect(await list('accessrequests')).toBe(''));
    await stopBackEnd();
  });

  it('ends everything without the back end, also what a back end gone wild would make again', async () => {
    const [who, takeRights, takeAccess, look, replacePod, back] =
      runbook.section('End everything, without the back end', 6);
    const made = await grants(2);
    const [first] = made;
    const name = scene.nameOf(first);
    await stopBackEnd();
    // Somebody took a label off, with nobody there to put it back.
    await kubectl(cluster, [
      'label',
      'rolebinding',
      name,
      `--namespace=${SCENE_NAMESPACE}`,
      'app.kubernetes.io/managed-by-',
    ]);

    const shown = await who();
    await takeRights();
    await takeAccess();
    const left = await look();

    for (const request of made) {
      expect(shown).toContain(request.requester);
      expect(shown).toContain(scene.nameOf(request));
    }
    for (const pod of scene.pods) {
      expect(shown).toContain(pod);
    }
    expect(left).toBe(`rolebinding.rbac.authorization.k8s.io/${name}\n`);
    await kubectl(cluster, [
      'delete',
      'rolebinding',
      name,
      `--namespace=${SCENE_NAMESPACE}`,
    ]);
    expect(await look()).toBe(NOTHING);
    await expectNoAccess(...made);

    const [pod] = scene.pods;
    await replacePod({ POD: pod, NAMESPACE: SCENE_NAMESPACE });
    expect(await list('pods', `--namespace=${SCENE_NAMESPACE}`)).not.toContain(
      `${pod}\n`,
    );
    await scene.addPod(pod);

    // A back end that runs can do nothing now.
    const { readable } = await rightsOfBackEnd();
    expect(readable).toBe(false);

    await back();

    expect((await rightsOfBackEnd()).readable).toBe(true);
    await startBackEnd();
    await leading();
    for (const { id } of made) {
      await scene.removed(stores, id);
      const { entries } = await scene.see(stores, id);
      expect(entries[entries.length - 1]).toMatchObject({ reason: 'deleted' });
    }
    await expectNoAccess(...made);
    await stopBackEnd();
  });

  async function rightsOfBackEnd(): Promise<{ readable: boolean }> {
    const answer = await kubectl(cluster, [
      'auth',
      'can-i',
      'list',
      'accessrequests',
      '--as=system:serviceaccount:kubernetes-access:kubernetes-access-backend',
    ]).catch(() => 'no');
    return { readable: answer.trim() === 'yes' };
  }

  it('cuts one person off, and nobody else', async () => {
    const [withBackEnd, without] = runbook.section('Cut one person off', 2);
    const [ada, bob, cleo] = await grants(3);

    await withBackEnd({ PERSON: ada.requester });
    await scene.removed(stores, ada.id);
    await stopBackEnd();
    await without({ PERSON: bob.requester });

    await expectNoAccess(ada, bob);
    expect(await scene.objects(cleo.id)).toHaveLength(3);
    expect(await scene.mayExec(cleo, scene.pods[0])).toBe(true);
  });

  it('lets go of a request that nobody looks after any more', async () => {
    const [letGo] = runbook.section('A request does not go', 1);
    const [request] = await grants(1);
    await stopBackEnd();
    await kubectl(cluster, [
      'delete',
      'accessrequest',
      request.resourceName,
      '--wait=false',
    ]);

    await letGo({ REQUEST: request.id });

    await expectNoAccess(request);
    expect(await list('accessrequests')).not.toContain(request.resourceName);
  });

  it('lets a back end with an older database go on', async () => {
    const [look, accept] = runbook.section(
      'The database was put back to an older state',
      2,
    );
    const [request] = await grants(1);
    await eventually(async () =>
      expect(await look()).toMatch(
        new RegExp(`kubernetes-access-${installationId} +2\\d{3}-`),
      ),
    );
    await stopBackEnd();
    // As old as can be: from before the first request.
    await newInstallation(installationId);
    await startBackEnd();
    await eventually(() =>
      expect(replica.clusters.health()).toMatchObject([{ state: 'suspended' }]),
    );
    expect(await scene.objects(request.id)).toHaveLength(3);

    await accept({ INSTALLATION: installationId });

    await leading();
    // What the record does not know goes.
    await eventually(
      async () => expect(await scene.objects(request.id)).toEqual([]),
      30_000,
    );
    await expectNoAccess(request);
    await stopBackEnd();
  });

  it('clears away what an installation has left whose database is lost', async () => {
    const [look, clear] = runbook.section('The database is lost', 2);
    const [lost] = await grants(1);
    const lostId = installationId;
    await stopBackEnd();
    await newInstallation();
    const [standing] = await grants(1);

    expect(await look()).toContain(lostId);
    await clear({ INSTALLATION: lostId });

    await expectNoAccess(lost);
    expect(await list('accessrequests')).not.toContain(lost.resourceName);
    expect(await look()).not.toContain(lostId);
    expect(await scene.objects(standing.id)).toHaveLength(3);
    await stopBackEnd();
  });

  it('uninstalls', async () => {
    const [uninstall, removeDefinition] = runbook.section('Uninstall', 2);
    const [request] = await grants(1);

    await uninstall();
    await stopBackEnd();

    await expectNoAccess(request);
    expect(
      await list(
        'clusterroles,clusterrolebindings,validatingadmissionpolicies,validatingadmissionpolicybindings',
      ),
    ).not.toContain('kubernetes-access');
    expect(
      await list('roles,rolebindings', `--namespace=${SCENE_NAMESPACE}`),
    ).toBe('');
    expect(await list('customresourcedefinitions')).toContain('accessrequests');

    await removeDefinition();

    expect(await list('customresourcedefinitions')).not.toContain(
      'accessrequests',
    );
  });

  it('has no command that was not run here', () => {
    expect(runbook.notRun).toEqual([]);
  });
});
