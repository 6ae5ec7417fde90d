import { CLOSE_CODES } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { ChaosStage } from '../../testUtils/chaos/ChaosStage';
import type { ReplicaProcess } from '../../testUtils/chaos/ReplicaProcess';
import { eventually } from '../../testUtils/RealCluster';

jest.setTimeout(240_000);

describe('three replicas on PostgreSQL', () => {
  let stage: ChaosStage;

  beforeAll(async () => {
    stage = await ChaosStage.start({ engine: 'postgres', replicas: 3 });
  });

  afterEach(async () => {
    stage?.proxy.clear();
    while (stage && stage.replicas.length < 3) {
      await stage.startReplica();
    }
    await stage?.settle();
  });

  afterAll(async () => {
    await stage?.close();
  });

  async function leader(): Promise<ReplicaProcess> {
    return eventually(async () => {
      const { pid } = await stage.observer.lease();
      const found = stage.replicas.find(replica => replica.pid === pid);
      expect(found).toBeDefined();
      return found!;
    }, 60_000);
  }

  async function followers(): Promise<ReplicaProcess[]> {
    const holder = await leader();
    return stage.replicas.filter(replica => replica !== holder);
  }

  it('share tickets and ends: asked on one, opened on another, revoked on the third', async () => {
    const [one, two, three] = stage.replicas;
    const asked = await one.api.ask('ada', { cluster: 'test' });
    await two.api.decide('olga', 'approve', asked);
    await stage.untilActive(asked.id);
    const [pod] = await three.api.pods('ada', asked.id);
    const ticket = await one.api.ticket('ada', asked.id, pod);
    const terminal = two.api.connect(ticket);
    await eventually(() =>
      expect(terminal.messages[0]).toMatchObject({ type: 'ready' }),
    );
    const replayed = three.api.connect(ticket);
    expect((await replayed.closed).code).toBe(CLOSE_CODES.badTicket);

    const revokedAt = Date.now();
    await three.api.end('olga', 'revoke', asked.id);
    const { code, at } = await terminal.closed;
    expect(code).toBe(CLOSE_CODES.revoked);
    expect(at - revokedAt).toBeLessThan(5_000);
    await stage.untilRemoved(asked.id);
  });

  it('make exactly one request of a click on each', async () => {
    const clicks = await Promise.allSettled(
      stage.replicas.map(({ api }) => api.ask('ada', { cluster: 'test' })),
    );
    const made = clicks.filter(({ status }) => status === 'fulfilled');
    expect(made).toHaveLength(1);
    const refusals = clicks.flatMap(click =>
      click.status === 'rejected' ? click.reason : [],
    );
    expect(refusals).toEqual([
      expect.objectContaining({ status: 409 }),
      expect.objectContaining({ status: 409 }),
    ]);
  });

  it('take back on time what the leader was killed with', async () => {
    const { id } = await stage.active();
    const terminal = await stage.open(id, (await followers())[0].api);
    await stage.kill(await leader());
    // To cut a terminal, nobody has to lead.
    const revokedAt = Date.now();
    await stage.revoke(id);
    const { code, at } = await terminal.closed;
    expect(code).toBe(CLOSE_CODES.revoked);
    expect(at - revokedAt).toBeLessThan(5_000);
    await stage.untilRemoved(id);
  });

  it('grant what the leader was killed with in the middle of', async () => {
    const killed = await leader();
    const rule = stage.proxy.when(
      { method: 'POST', path: /\/rolebindings$/, nth: 1 },
      { kind: 'after', run: () => stage.kill(killed) },
    );
    const asked = await stage.ask();
    await stage.approve(asked);
    await eventually(() => expect(rule.hits).toBe(1));
    await stage.untilActive(asked.id);
    await stage.expectNoViolations();
    await stage.open(asked.id);
    await stage.revoke(asked.id);
    await stage.untilRemoved(asked.id);
  });

  it('close the session of a follower that was killed, and end its processes', async () => {
    const { id } = await stage.active();
    const [follower] = await followers();
    const terminal = await stage.open(id, follower.api);
    const second = `${Math.floor(Math.random() * 1e6) + 1e6}`;
    terminal.type(`(setsid sleep ${second} &) ; echo started\n`);
    await terminal.expectOutput(/^started\r?$/m);
    await stage.kill(follower);
    await eventually(async () => {
      const { sessions, phase } = await stage.api.see('ada', id);
      expect(phase).toBe('Active');
      expect(sessions.map(({ state }) => state)).toEqual(['closed']);
    }, 60_000);
    const [{ namespace, name }] = await stage.api.pods('ada', id);
    await eventually(async () => {
      const running = await stage.cluster.kubectl([
        'exec',
        name,
        `--namespace=${namespace}`,
        '--',
        'sh',
        '-c',
        'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "; true',
      ]);
      expect(running).not.toContain(`sleep ${second}`);
    }, 60_000);
    await stage.revoke(id);
    await stage.untilRemoved(id);
  });

  it('are not harmed by a leader that stood still and wakes up late', async () => {
    const { id } = await stage.active();
    const stalled = await leader();
    stalled.pause();
    const others = stage.replicas.filter(replica => replica !== stalled);
    try {
      await others[0].api.end('olga', 'revoke', id);
      await eventually(async () => {
        const { removal } = await others[1].api.see('olga', id);
        expect(removal.state).toBe('removed');
      }, 60_000);
    } finally {
      stalled.resume();
    }
    // It believes for a moment that it leads and that the request is live.
    await eventually(async () =>
      expect(await stalled.api.see('olga', id)).toMatchObject({
        phase: 'Revoked',
      }),
    );
    await stage.expectNoViolations();
    const objects = await stage.observer.grantObjects();
    expect(objects.filter(({ request }) => request === id)).toEqual([]);
  });
});
