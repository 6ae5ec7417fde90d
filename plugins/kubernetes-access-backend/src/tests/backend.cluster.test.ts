import type {
  AccessRequestDetail,
  PodSummary,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { CLOSE_CODES } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { TestDatabase } from '../testUtils/engines';
import { createTestDatabase } from '../testUtils/engines';
import { eventually, RealCluster } from '../testUtils/RealCluster';
import { TestBackend } from '../testUtils/TestBackend';

jest.setTimeout(240_000);

describe('the whole back end on a real cluster', () => {
  let cluster: RealCluster;
  let backend: TestBackend;
  let database: TestDatabase;

  beforeAll(async () => {
    cluster = await RealCluster.connect();
    database = await createTestDatabase();
    backend = await start();
  });

  afterAll(async () => {
    await backend?.stop();
    await cluster?.close();
    await database?.close();
  });

  async function start(): Promise<TestBackend> {
    const started = await TestBackend.start({
      database,
      kubernetesAccess: {
        clusters: [
          {
            name: 'test',
            title: 'Test cluster',
            kubeconfig: { file: cluster.kubeconfig },
          },
        ],
        defaults: { minDuration: '1s' },
        admins: ['group:default/platform'],
      },
    });
    await eventually(async () => {
      const { body } = await started.get(
        'ada',
        '/entities/component/default/payments-api/access',
      );
      expect(body.targets?.[0]?.problem).toBeUndefined();
      expect(body.targets[0].pods).not.toEqual([]);
    });
    return started;
  }

  async function active(
    person: string = 'ada',
    durationSeconds?: number,
  ): Promise<AccessRequestDetail> {
    const asked = await backend.ask(person, undefined, durationSeconds);
    await backend.approve('olga', asked);
    return eventually(async () => {
      const now = await backend.see(person, asked.id);
      expect(now).toMatchObject({ phase: 'Active' });
      return now;
    });
  }

  async function pods(person: string, id: string): Promise<PodSummary[]> {
    const { body, status } = await backend.get(person, `/requests/${id}/pods`);
    expect(status).toBe(200);
    return body.items;
  }

  async function place(person: string, id: string) {
    const [{ namespace, name }] = await pods(person, id);
    return { namespace, pod: name, container: 'app' };
  }

  async function open(person: string, id: string) {
    const terminal = backend.connect(
      await backend.ticket(person, id, await place(person, id)),
    );
    await eventually(() =>
      expect(terminal.messages[0]).toMatchObject({ type: 'ready' }),
    );
    return terminal;
  }

  async function expectRemoved(id: string): Promise<void> {
    await eventually(async () => {
      const { removal } = await backend.see('olga', id);
      expect(removal).toMatchObject({ state: 'removed' });
      expect(await cluster.grantObjects(id)).toEqual([]);
    });
  }

  it('opens a shell that was asked for and approved by the owner, and takes it back', async () => {
    const { id, startsAt, expiresAt } = await active();
    expect(Date.parse(expiresAt!) - Date.parse(startsAt!)).toBe(600_000);

    const terminal = await open('ada', id);
    terminal.type('echo $((6*7))\n');
    await terminal.expectOutput(/^42\r?$/m);
    terminal.resize(132, 43);
    // The kubelet handles sizes beside what is typed, so that the next line may still run in the old one.
    terminal.type('until stty size | grep "43 132"; do sleep 0.1; done\n');
    await terminal.expectOutput(/^43 132\r?$/m);
    terminal.type('yes running\n');
    await terminal.expectOutput(/running/);

    const revokedAt = Date.now();
    const revoked = await backend.post('olga', `/requests/${id}/revoke`, {});
    expect(revoked.status).toBe(200);
    const { code, at } = await terminal.closed;
    expect(code).toBe(CLOSE_CODES.revoked);
    // By the commit itself: the look at the record once a minute would come later.
    expect(at - revokedAt).toBeLessThan(20_000);

    await expectRemoved(id);
    const { timeline, sessions } = await backend.see('ada', id);
    expect(timeline.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining([
        'asked',
        'decided',
        'started',
        'granted',
        'session-opened',
        'session-closed',
        'ended',
        'removed',
      ]),
    );
    expect(sessions).toMatchObject([{ state: 'closed', recorded: true }]);
  });

  it('lets nobody in who is not the requester, nor decides by those who may not', async () => {
    const asked = await backend.ask('ada');
    const path = `/requests/${asked.id}`;
    const decision = { digest: asked.digest };
    expect(
      (await backend.post('ada', `${path}/approve`, decision)).status,
    ).toBe(403);
    expect(
      (await backend.post('sam', `${path}/approve`, decision)).status,
    ).toBe(404);
    expect((await backend.get('sam', path)).status).toBe(404);
    await backend.approve('omar', asked);
    await eventually(async () =>
      expect((await backend.see('ada', asked.id)).phase).toBe('Active'),
    );
    const where = await place('ada', asked.id);
    const size = { columns: 80, rows: 24 };
    const byOlga = await backend.post('olga', `${path}/sessions`, {
      ...where,
      ...size,
    });
    expect(byOlga.status).toBe(403);
    const byAda = await backend.post('ada', `${path}/sessions`, {
      namespace: 'storefront',
      pod: where.pod,
      container: 'app',
      ...size,
    });
    expect([400, 403, 404]).toContain(byAda.status);
    expect((await backend.post('ada', `${path}/cancel`)).status).toBe(200);
    await expectRemoved(asked.id);
  });

  it('uses a ticket once', async () => {
    const { id } = await active();
    const ticket = await backend.ticket('ada', id, await place('ada', id));
    const first = backend.connect(ticket);
    await eventually(() =>
      expect(first.messages[0]).toMatchObject({ type: 'ready' }),
    );
    const second = backend.connect(ticket);
    expect((await second.closed).code).toBe(CLOSE_CODES.badTicket);
    await backend.post('ada', `/requests/${id}/cancel`);
    expect((await first.closed).code).toBe(CLOSE_CODES.cancelled);
    await expectRemoved(id);
  });

  it('closes the terminal at the instant of expiry, and says so', async () => {
    const { id, expiresAt } = await active('ada', 4);
    const terminal = await open('ada', id);
    terminal.type('echo $((6*7))\n');
    await terminal.expectOutput(/^42\r?$/m);
    const { code, at } = await terminal.closed;
    expect(code).toBe(CLOSE_CODES.expired);
    expect(Math.abs(at - Date.parse(expiresAt!))).toBeLessThan(1_000);
    await expectRemoved(id);
    expect((await backend.see('ada', id)).phase).toBe('Expired');
  });

  it('ends everything when the AccessRequest is deleted with kubectl', async () => {
    const { id } = await active();
    const terminal = await open('ada', id);
    await cluster.kubectl([
      'delete',
      'accessrequest',
      `ar-${id}`,
      '--timeout=20s',
    ]);
    expect((await terminal.closed).code).toBe(CLOSE_CODES.revoked);
    await expectRemoved(id);
    expect(await backend.see('ada', id)).toMatchObject({
      phase: 'Revoked',
      endedBy: 'outside Backstage, unknown',
    });
  });

  it('gives nothing to a component that points at another team’s namespace', async () => {
    const { body, status } = await backend.post('ada', '/requests', {
      entityRef: 'component:default/sneaky',
      accessLevel: 'exec',
      reason: 'I would like to see what payments does.',
      durationSeconds: 600,
    });
    expect(status).toBe(403);
    expect(body.error.message).toMatch(/payments/);
  });

  it('goes on after a restart, and takes back what ended meanwhile', async () => {
    const { id } = await active();
    const terminal = await open('ada', id);
    await backend.stop();
    expect((await terminal.closed).code).toBe(CLOSE_CODES.goingAway);
    backend = await start();
    expect(await backend.see('ada', id)).toMatchObject({ phase: 'Active' });
    const again = await open('ada', id);
    again.type('echo $((6*7))\n');
    await again.expectOutput(/^42\r?$/m);
    await backend.post('pia', `/requests/${id}/revoke`, {});
    expect((await again.closed).code).toBe(CLOSE_CODES.revoked);
    await expectRemoved(id);
  });
});

describe('the back end without any cluster', () => {
  it('starts all the same and explains that there is nothing to ask for', async () => {
    const backend = await TestBackend.start({ kubernetesAccess: {} });
    const { body, status } = await backend.get(
      'ada',
      '/entities/component/default/payments-api/access',
    );
    expect(status).toBe(200);
    expect(body.problem).toMatchObject({ code: 'no-clusters' });
    await backend.stop();
  });
});
