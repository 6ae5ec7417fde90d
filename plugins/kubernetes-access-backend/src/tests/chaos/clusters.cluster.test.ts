import type { Cluster } from '@kubernetes-access/dev-cluster';
import {
  backendKubeconfig,
  ComponentControls,
  installChart,
  kubectl,
  startCluster,
} from '@kubernetes-access/dev-cluster';
import { aComponent } from '../../testUtils/catalog';
import { ApiRefusal } from '../../testUtils/chaos/AccessApi';
import { ChaosStage } from '../../testUtils/chaos/ChaosStage';
import { eventually } from '../../testUtils/RealCluster';

jest.setTimeout(240_000);

/** What the demo's payments team runs in the second cluster; there are no pods, and a grant names none. */
const BILLING = 'component:default/billing';

describe('two clusters at once', () => {
  let second: Cluster;
  let controls: ComponentControls;
  let stage: ChaosStage;

  beforeAll(async () => {
    second = await startCluster({
      name: `second-${process.pid}`,
      withoutNode: true,
    });
    controls = new ComponentControls(second.info);
    await makeNamespace('billing');
    await installChart(second, { sets: { targetNamespaces: '{billing}' } });
    const billing = aComponent('billing', 'billing', 'payments');
    billing.metadata.annotations!['backstage.io/kubernetes-cluster'] = 'second';
    stage = await ChaosStage.start({
      clusters: [
        {
          name: 'second',
          title: 'Second',
          kubeconfig: { file: await backendKubeconfig(second) },
        },
      ],
      entities: [billing],
    });
  });

  afterEach(async () => {
    await controls?.mend();
    await secondReachable();
    await stage?.settle();
  });

  afterAll(async () => {
    await stage?.close();
    await second?.stop();
  });

  async function makeNamespace(name: string): Promise<void> {
    await kubectl(second, ['apply', '--filename=-'], {
      input: JSON.stringify({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name,
          annotations: {
            'kubernetes-access.io/owners': 'group:default/payments',
          },
        },
      }),
    });
  }

  async function problemOfBilling(): Promise<string | undefined> {
    const { body } = await stage.api.get<{
      targets: Array<{ problem?: { code: string } }>;
    }>('ada', '/entities/component/default/billing/access');
    return body.targets[0].problem?.code;
  }

  async function secondReachable(): Promise<void> {
    await eventually(
      async () => expect(await problemOfBilling()).toBeUndefined(),
      60_000,
    );
  }

  async function activeInSecond() {
    await secondReachable();
    const asked = await stage.api.ask('ada', { entityRef: BILLING });
    await stage.approve(asked);
    return stage.untilActive(asked.id);
  }

  async function objectsInSecond(): Promise<string> {
    return kubectl(second, [
      'get',
      'serviceaccounts,roles,rolebindings',
      '--all-namespaces',
      '--selector=kubernetes-access.io/request',
      '--output=name',
    ]);
  }

  it('have grants of their own', async () => {
    const { id } = await activeInSecond();
    expect((await objectsInSecond()).trim().split('\n')).toHaveLength(3);
    const objects = await stage.observer.grantObjects();
    expect(objects.filter(({ request }) => request === id)).toEqual([]);
    await stage.revoke(id);
    await stage.untilRemoved(id);
    expect(await objectsInSecond()).toBe('');
  });

  describe.each([
    { how: 'gone', fail: () => controls.stop('kube-apiserver') },
    { how: 'hanging', fail: () => controls.pause('kube-apiserver') },
  ])('one of them $how', ({ fail }) => {
    it('leave the other one as it was, and the back end ready', async () => {
      const inSecond = await activeInSecond();
      await fail();

      const began = performance.now();
      const { id } = await stage.active();
      await stage.open(id);
      await stage.revoke(id);
      await stage.untilRemoved(id);
      // Without the other one it takes two seconds or so.
      expect(performance.now() - began).toBeLessThan(20_000);
      expect(await stage.api.readiness()).toBe(200);
      expect(await stage.api.see('ada', inSecond.id)).toMatchObject({
        phase: 'Active',
      });
    });

    it('say of the dead one that it does not answer', async () => {
      const { id } = await activeInSecond();
      await fail();
      await eventually(
        async () =>
          expect(await problemOfBilling()).toBe('cluster-unreachable'),
        60_000,
      );
      const refused = await stage.api
        .ask('ada', { entityRef: BILLING })
        .catch(error => error);
      expect(refused).toBeInstanceOf(ApiRefusal);
      await stage.revoke(id);
      const { phase, removal } = await stage.api.see('ada', id);
      expect(phase).toBe('Revoked');
      expect(removal.state).not.toBe('removed');
      await controls.mend();
      await stage.untilRemoved(id);
      expect(await objectsInSecond()).toBe('');
    });
  });

  it('count a namespace that is deleted with a live grant in it as removed', async () => {
    const { id } = await activeInSecond();
    await kubectl(second, ['delete', 'namespace', 'billing', '--wait=false']);
    await stage.revoke(id);
    await stage.untilRemoved(id);
    await kubectl(second, [
      'wait',
      '--for=delete',
      'namespace/billing',
      '--timeout=120s',
    ]);
    expect(await objectsInSecond()).toBe('');
    await makeNamespace('billing');
    // With the namespace went the rights in it.
    await installChart(second, { sets: { targetNamespaces: '{billing}' } });
  });
});
