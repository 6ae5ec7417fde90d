import { ComponentControls } from '@kubernetes-access/dev-cluster';
import { CLOSE_CODES } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { ChaosStage } from '../../testUtils/chaos/ChaosStage';
import { eventually } from '../../testUtils/RealCluster';

jest.setTimeout(240_000);

const NAMESPACE = 'payments';

describe('a terminal whose pod does not stay as it is', () => {
  let stage: ChaosStage;
  let controls: ComponentControls;

  beforeAll(async () => {
    stage = await ChaosStage.start();
    controls = new ComponentControls(stage.cluster.cluster.info);
  });

  afterEach(async () => {
    await controls?.mend();
    await stage?.settle();
  });

  afterAll(async () => {
    await stage?.close();
  });

  /** The pod that the open terminal is in: a request may reach several. */
  async function podOf(id: string): Promise<{ name: string; uid: string }> {
    const { sessions } = await stage.api.see('ada', id);
    const open = sessions.find(({ state }) => state === 'open');
    const pods = await stage.api.pods('ada', id);
    return pods.find(({ name }) => name === open?.pod)!;
  }

  async function sessionStates(id: string): Promise<string[]> {
    const { sessions } = await stage.api.see('ada', id);
    return sessions.map(({ state }) => state);
  }

  it('closes when the kubelet is started anew, and another one opens afterwards', async () => {
    const { id } = await stage.active();
    const terminal = await stage.open(id);
    await controls.stop('kubelet');
    // The API server may take the lost kubelet for the end of the command, and says that it succeeded.
    expect([CLOSE_CODES.upstream, CLOSE_CODES.normal]).toContain(
      (await terminal.closed).code,
    );
    await eventually(async () =>
      expect(await sessionStates(id)).toEqual(['closed']),
    );
    // The API server is there, the kubelet is not: that is said, and nothing hangs.
    const attempt = await stage.api.open('ada', id);
    expect((await attempt.closed).code).toBe(CLOSE_CODES.upstream);
    await controls.start('kubelet');
    await stage.open(id);
    await stage.revoke(id);
    await stage.untilRemoved(id);
  });

  it('closes when its pod is evicted, and the grant follows to the next pod', async () => {
    const { id } = await stage.active();
    const terminal = await stage.open(id);
    const { name, uid } = await podOf(id);
    await stage.cluster.kubectl(
      [
        'create',
        `--raw=/api/v1/namespaces/${NAMESPACE}/pods/${name}/eviction`,
        '--filename=-',
      ],
      {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace: NAMESPACE },
        deleteOptions: { gracePeriodSeconds: 1 },
      },
    );
    const { code } = await terminal.closed;
    expect([CLOSE_CODES.podGone, CLOSE_CODES.normal]).toContain(code);
    await eventually(async () => {
      const pods = await stage.api.pods('ada', id);
      expect(pods.map(pod => pod.uid)).not.toContain(uid);
      expect(pods.map(({ phase }) => phase)).toContain('Running');
    }, 60_000);
    await stage.open(id);
    await eventually(async () =>
      expect(await stage.observer.namedPods(id)).not.toContain(name),
    );
    await stage.revoke(id);
    await stage.untilRemoved(id);
  });

  it('closes when its container is started anew, and lets nobody into the new one unasked', async () => {
    const { id } = await stage.active();
    const terminal = await stage.open(id);
    const { name } = await podOf(id);
    const ofContainer = (field: string) =>
      stage.cluster.kubectl([
        'get',
        'pod',
        name,
        `--namespace=${NAMESPACE}`,
        `--output=jsonpath={.status.containerStatuses[0].${field}}`,
      ]);
    const before = await ofContainer('restartCount');
    await controls.killContainer(await ofContainer('containerID'));
    const { code } = await terminal.closed;
    expect(code).not.toBe(CLOSE_CODES.goingAway);
    await eventually(
      async () => expect(await ofContainer('restartCount')).not.toBe(before),
      60_000,
    );
    const next = await stage.open(id);
    next.type('echo "$PPID of the new one"\n');
    await next.expectOutput(/of the new one/);
    await stage.revoke(id);
    await stage.untilRemoved(id);
  });
});
