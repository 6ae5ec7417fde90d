import { ComponentControls } from '@kubernetes-access/dev-cluster';
import { CLOSE_CODES } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { ApiRefusal } from '../../testUtils/chaos/AccessApi';
import { ChaosStage } from '../../testUtils/chaos/ChaosStage';
import type { Fault, Match } from '../../testUtils/chaos/faults';
import { eventually } from '../../testUtils/RealCluster';

jest.setTimeout(240_000);

describe('a back end whose API server misbehaves', () => {
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

  /** From asking to the last object gone. */
  async function life(): Promise<string> {
    const { id } = await stage.active();
    await stage.open(id);
    await stage.revoke(id);
    const { phase } = await stage.untilRemoved(id);
    await stage.expectNoViolations();
    return phase;
  }

  async function expectRefused(attempt: Promise<unknown>): Promise<ApiRefusal> {
    const error = await attempt.then(
      () => undefined,
      refusal => refusal,
    );
    expect(error).toBeInstanceOf(ApiRefusal);
    return error;
  }

  describe('because it is started anew', () => {
    it('keeps the grant, says why the terminal closed, and opens another', async () => {
      const { id } = await stage.active();
      const terminal = await stage.open(id);
      await controls.stop('kube-apiserver');
      expect((await terminal.closed).code).toBe(CLOSE_CODES.upstream);
      expect(await stage.api.see('ada', id)).toMatchObject({ phase: 'Active' });
      await controls.start('kube-apiserver');
      await stage.open(id);
      await stage.revoke(id);
      await stage.untilRemoved(id);
    });

    it('takes back what was revoked meanwhile', async () => {
      const { id } = await stage.active();
      await controls.stop('kube-apiserver');
      await stage.revoke(id);
      const meanwhile = await stage.api.see('ada', id);
      expect(meanwhile.phase).toBe('Revoked');
      expect(meanwhile.removal.state).not.toBe('removed');
      await controls.start('kube-apiserver');
      await stage.untilRemoved(id);
    });
  });

  describe.each([
    {
      how: 'cannot be reached',
      fail: () => stage.proxy.cut(),
      mend: () => stage.proxy.mend(),
    },
    {
      how: 'hangs',
      fail: () => controls.pause('kube-apiserver'),
      mend: () => controls.resume('kube-apiserver'),
    },
  ])('because it $how for longer than the grant lives', ({ fail, mend }) => {
    it('refuses what has expired, shows it as not removed, and removes it afterwards', async () => {
      const { id, expiresAt } = await stage.active(6);
      const terminal = await stage.open(id);
      await fail();
      const { at } = await terminal.closed;
      expect(at).toBeLessThan(Date.parse(expiresAt as string) + 3_000);
      await eventually(async () =>
        expect(await stage.api.see('ada', id)).toMatchObject({
          phase: 'Expired',
        }),
      );
      const refusal = await expectRefused(stage.api.open('ada', id));
      expect([403, 409]).toContain(refusal.status);
      await eventually(async () => {
        const { removal } = await stage.api.see('ada', id);
        expect(['removing', 'failing']).toContain(removal.state);
      });
      await mend();
      expect(await stage.untilRemoved(id)).toMatchObject({ phase: 'Expired' });
    });
  });

  it('answers people while its cluster hangs', async () => {
    const asked = await stage.ask();
    await controls.pause('kube-apiserver');
    const began = performance.now();
    await stage.api.see('ada', asked.id);
    const { status } = await stage.api.get('ada', '/requests?scope=mine');
    expect(status).toBe(200);
    await stage.api.decide('olga', 'deny', asked);
    // What it waits for is people's patience, not the cluster's.
    expect(performance.now() - began).toBeLessThan(10_000);
    await controls.resume('kube-apiserver');
    await stage.untilRemoved(asked.id);
  });

  const WRITES: Match = { method: 'POST', path: /^(?!.*\/leases)/ };
  const FAULTS: Array<{ what: string; match: Match; fault: Fault }> = [
    {
      what: 'every call takes half a second',
      match: { upgrade: false },
      fault: { kind: 'delay', ms: 500 },
    },
    {
      what: 'answers trickle in',
      match: { watch: false, upgrade: false },
      fault: { kind: 'trickle', bytes: 400, everyMs: 2 },
    },
    {
      what: 'every watch is reset after half a second',
      match: { watch: true },
      fault: { kind: 'break-off', afterMs: 500 },
    },
    {
      what: 'every second watch says that it is too late',
      match: { watch: true, nth: 2 },
      fault: { kind: 'gone' },
    },
    {
      what: 'the answer to the first write is lost',
      match: { ...WRITES, nth: 1 },
      fault: { kind: 'cut-after' },
    },
    {
      what: 'the answer to the second write is lost',
      match: { ...WRITES, nth: 2 },
      fault: { kind: 'cut-after' },
    },
    {
      what: 'the answer to the third write is lost',
      match: { ...WRITES, nth: 3 },
      fault: { kind: 'cut-after' },
    },
    {
      what: 'the answer to the fourth write is lost',
      match: { ...WRITES, nth: 4 },
      fault: { kind: 'cut-after' },
    },
    {
      what: 'it has too much to do at first',
      match: { ...WRITES, nth: 1 },
      fault: { kind: 'answer', status: 429, retryAfter: 1 },
    },
    {
      what: 'a RoleBinding is an internal error at first',
      match: { method: 'POST', path: /rolebindings$/, nth: 1 },
      fault: { kind: 'answer', status: 500 },
    },
    {
      what: 'deleting a RoleBinding is an internal error at first',
      match: { method: 'DELETE', path: /rolebindings/, nth: 1 },
      fault: { kind: 'answer', status: 500 },
    },
    {
      what: 'the answer to deleting the RoleBinding is lost',
      match: { method: 'DELETE', path: /rolebindings/, nth: 1 },
      fault: { kind: 'cut-after' },
    },
  ];

  it.each(FAULTS)('lives whole lives while $what', async ({ match, fault }) => {
    stage.proxy.when(match, fault);
    expect(await life()).toBe('Revoked');
  });

  it('says why a grant does not come about, and makes it when it can', async () => {
    stage.proxy.when(
      { method: 'POST', path: /\/roles$/ },
      { kind: 'answer', status: 403, message: 'roles is forbidden' },
    );
    const asked = await stage.ask();
    await stage.approve(asked);
    await eventually(async () => {
      const now = await stage.api.see('ada', asked.id);
      expect(now.phase).toBe('Approved');
      expect(now.message).toMatch(/forbidden/);
    });
    stage.proxy.clear();
    const { message } = await stage.untilActive(asked.id);
    expect(message).toBeUndefined();
  });

  it('shows what cannot be removed as not removed, for as long as that is so', async () => {
    const { id } = await stage.active();
    stage.proxy.when(
      { method: 'DELETE', path: /rolebindings/ },
      { kind: 'answer', status: 403, message: 'rolebindings is forbidden' },
    );
    await stage.revoke(id);
    await eventually(async () => {
      const { removal } = await stage.api.see('ada', id);
      expect(removal).toMatchObject({ state: 'failing' });
      expect(removal.message).toMatch(/forbidden/);
    });
    const objects = await stage.observer.grantObjects();
    expect(objects.map(({ request }) => request)).toContain(id);
    stage.proxy.clear();
    await stage.untilRemoved(id);
  });
});
