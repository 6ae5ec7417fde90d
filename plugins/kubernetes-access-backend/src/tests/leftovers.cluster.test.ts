import { randomInt, randomUUID } from 'node:crypto';
import type {
  AccessRequestDetail,
  SessionProcesses,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { mockServices } from '@backstage/backend-test-utils';
import { SystemClock } from '../controller';
import { AbandonedSessions, ReapWorker, SessionReaper } from '../endings';
import type { ConfiguredClusters } from '../kubernetes';
import { openTestStores } from '../testUtils/database';
import type { TestDatabase } from '../testUtils/engines';
import { createTestDatabase } from '../testUtils/engines';
import { MarkedShell, sessionIn } from '../testUtils/MarkedShell';
import { eventually, RealCluster } from '../testUtils/RealCluster';
import { aNewRequest, aRequestId } from '../testUtils/requests';
import { TestBackend } from '../testUtils/TestBackend';

jest.setTimeout(240_000);

const clock = new SystemClock();
const logger = mockServices.logger.mock();

/** What is there before the prompt. */
const PROMPT = /[#$] /;

describe('what people leave behind in a terminal, with the whole back end', () => {
  let cluster: RealCluster;
  let backend: TestBackend;
  let database: TestDatabase;
  let admin: ConfiguredClusters;

  beforeAll(async () => {
    cluster = await RealCluster.connect();
    admin = cluster.clusters(cluster.cluster.info.kubeconfig);
    database = await createTestDatabase();
    backend = await start();
  });

  afterAll(async () => {
    await backend?.stop();
    await admin?.stop();
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
        admins: ['group:default/platform'],
      },
    });
    await eventually(async () => {
      const { body } = await started.get(
        'ada',
        '/entities/component/default/payments-api/access',
      );
      expect(body.targets?.[0]?.pods).not.toEqual([]);
    });
    return started;
  }

  async function active(): Promise<AccessRequestDetail> {
    const asked = await backend.ask('ada');
    await backend.approve('olga', asked);
    return eventually(async () => {
      const now = await backend.see('ada', asked.id);
      expect(now).toMatchObject({ phase: 'Active' });
      return now;
    });
  }

  async function placeOf(id: string) {
    const { body } = await backend.get('ada', `/requests/${id}/pods`);
    const [{ namespace, name }] = body.items;
    return { namespace, pod: name, container: 'app' };
  }

  type Place = Awaited<ReturnType<typeof placeOf>>;

  /** A terminal in which something was started that does not end with it. */
  async function openWithJob(id: string, place: Place, seconds: string) {
    const terminal = backend.connect(await backend.ticket('ada', id, place));
    await terminal.expectOutput(PROMPT);
    terminal.type(`env -i /bin/setsid /bin/sleep ${seconds} & echo $((6*7))\n`);
    await terminal.expectOutput(/^42\r?$/m);
    await eventually(async () => expect(await runs(place, seconds)).toBe(true));
    return terminal;
  }

  /** Whether it does, as the cluster's own people see it. */
  async function runs(place: Place, seconds: string): Promise<boolean> {
    const lines = await cluster.kubectl([
      'exec',
      `--namespace=${place.namespace}`,
      place.pod,
      `--container=${place.container}`,
      '--',
      'sh',
      '-c',
      'for p in /proc/[0-9]*; do read -r line <"$p/cmdline" || echo "$line"; done 2>/dev/null; :',
    ]);
    return lines.includes(`sleep${seconds}`);
  }

  async function expectProcesses(
    id: string,
    processes: Partial<SessionProcesses>,
  ): Promise<void> {
    await eventually(async () => {
      const { sessions } = await backend.see('ada', id);
      expect(sessions.map(session => session.processes)).toEqual([
        expect.objectContaining(processes),
      ]);
    }, 30_000);
  }

  async function revoke(id: string): Promise<void> {
    const { status } = await backend.post('olga', `/requests/${id}/revoke`);
    expect(status).toBe(200);
  }

  it('is gone when the access is revoked, which the page and the resource say', async () => {
    const seconds = `${randomInt(90_000, 99_000)}`;
    const { id } = await active();
    const place = await placeOf(id);
    const terminal = await openWithJob(id, place, seconds);
    await revoke(id);
    await terminal.closed;
    await expectProcesses(id, { state: 'none-left', left: 0 });
    expect(await runs(place, seconds)).toBe(false);
    const [{ processes }] = (await backend.see('ada', id)).sessions;
    expect(processes?.ended).toBeGreaterThanOrEqual(2);
    await eventually(async () => {
      const { status } = await cluster.getJson<{
        status: { conditions: object[] };
      }>(['accessrequest', `ar-${id}`]);
      expect(status.conditions).toContainEqual(
        expect.objectContaining({
          type: 'ProcessesEnded',
          status: 'True',
          reason: 'NoneReported',
        }),
      );
    });
  });

  it('is gone when the terminal is closed, while another one of the same person in the same pod lives on', async () => {
    const [first, second] = ['97001', '97002'];
    const { id } = await active();
    const place = await placeOf(id);
    const closing = await openWithJob(id, place, first);
    const staying = await openWithJob(id, place, second);
    closing.type('exit\n');
    await closing.closed;
    await eventually(async () => {
      const { sessions } = await backend.see('ada', id);
      expect(sessions[0].processes).toMatchObject({ state: 'none-left' });
    });
    expect(await runs(place, first)).toBe(false);
    expect(await runs(place, second)).toBe(true);
    staying.type('echo $((11*11))\n');
    await staying.expectOutput(/^121\r?$/m);
    await revoke(id);
    await eventually(async () => expect(await runs(place, second)).toBe(false));
  });

  it('is gone after the back end was stopped while the terminal was open', async () => {
    const seconds = '97003';
    const { id } = await active();
    const place = await placeOf(id);
    await openWithJob(id, place, seconds);
    await backend.stop();
    backend = await start();
    await expectProcesses(id, { state: 'none-left' });
    expect(await runs(place, seconds)).toBe(false);
    await revoke(id);
  });

  it('is gone after the replica of the terminal died, by another one', async () => {
    const seconds = '97004';
    const connection = await cluster.ready(admin);
    const { id } = await active();
    const place = await placeOf(id);
    const shared = await createTestDatabase();
    const dead = await openTestStores({ clock, knex: shared.connect() });
    const terms = { clusterUid: connection.uid };
    const request = await dead.requests.create(aNewRequest({ terms }));
    const session = await sessionIn(connection, place, {
      id: aRequestId(),
      requestId: request.id,
      mark: randomInt(1_000_000, 2_000_000_000),
    });
    const hash = randomUUID().replace(/-/g, '').repeat(2);
    const expiresAt = new Date(Date.now() + 30_000);
    await dead.sessions.create(session, { hash, expiresAt }, []);
    await dead.sessions.redeem(session.id, hash, 'the-dead-one');
    const shell = await MarkedShell.open(connection, session);
    await shell.run(`env -i /bin/setsid /bin/sleep ${seconds} &`);
    // Its connections break, and it never says another word.
    shell.close();
    await dead.close();

    const stores = await openTestStores({ clock, knex: shared.connect() });
    const clusters = cluster.clusters();
    await cluster.ready(clusters);
    const parts = [
      new AbandonedSessions({ sessions: stores.sessions, clock, logger }),
      new ReapWorker({
        queue: stores.reaps,
        reaper: new SessionReaper({ clusters, clock, version: 'test' }),
        store: stores.requests,
        clusters,
        replica: 'the-next-one',
        clock,
        logger,
      }),
    ];
    parts.forEach(part => part.start());
    await eventually(async () => {
      const [{ state }] = await stores.sessions.listByRequest(request.id);
      expect(state).toBe('closed');
      expect(await runs(place, seconds)).toBe(false);
    }, 30_000);
    // Nobody knows what it had printed, so that it is looked at a second time before that is said.
    const [report] = await stores.reaps.listByRequest(request.id);
    expect(report).toMatchObject({
      state: 'waiting',
      outcome: { state: 'none-left' },
    });
    for (const part of parts) {
      await part.stop();
    }
    await clusters.stop();
    await stores.close();
    await shared.close();
    await revoke(id);
  });
});
