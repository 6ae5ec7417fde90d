import { mockServices } from '@backstage/backend-test-utils';
import type { ReapOutcome, ReapTask } from '../../database/types';
import type { ClusterHealth } from '../../kubernetes';
import { openTestStores } from '../../testUtils/database';
import type { TestStores } from '../../testUtils/database';
import { ManualClock } from '../../testUtils/ManualClock';
import { aNewRequest, aRequestId, termsOf } from '../../testUtils/requests';
import { aNewSession } from '../../testUtils/sessions';
import { ReapWorker } from './ReapWorker';
import type { ReapAttempt } from './SessionReaper';

const CLUSTER = termsOf().clusterUid;
const NONE: ReapOutcome = { state: 'none-left', found: 2, left: 0 };
const LEFT: ReapOutcome = { state: 'left', found: 2, left: 1 };

describe('ReapWorker', () => {
  let clock: ManualClock;
  let stores: TestStores;
  let requestId: string;
  let answers: Array<Partial<ReapAttempt> | Promise<never>>;
  let tried: string[];
  let health: ClusterHealth['state'];
  let workers: ReapWorker[];
  const logger = mockServices.logger.mock();

  beforeEach(async () => {
    clock = new ManualClock();
    stores = await openTestStores({ clock });
    ({ id: requestId } = await stores.requests.create(aNewRequest()));
    answers = [];
    tried = [];
    health = 'ready';
    workers = [];
  });

  afterEach(async () => {
    for (const worker of workers) {
      const stopped = worker.stop();
      await clock.advance(10_000);
      await stopped;
    }
    await stores.close();
  });

  function aWorker(replica: string = 'replica-1'): ReapWorker {
    const worker = new ReapWorker({
      queue: stores.reaps,
      reaper: {
        reap: async ({ session }: ReapTask) => {
          tried.push(session.id);
          const answer = (await answers.shift()) ?? {};
          return { outcome: NONE, next: 'settle', auditIds: [], ...answer };
        },
      },
      store: stores.requests,
      clusters: {
        health: () => [{ name: 'demo', title: 'Demo', state: health }],
        byName: () => ({ uid: CLUSTER } as never),
      },
      replica,
      clock,
      logger,
    });
    workers.push(worker);
    worker.start();
    return worker;
  }

  async function anEndedSession(): Promise<{ id: string; clusterUid: string }> {
    const id = aRequestId();
    const hash = id.padEnd(64, '0');
    await stores.sessions.create(
      aNewSession({ id, requestId, clusterUid: CLUSTER }),
      { hash, expiresAt: new Date(clock.now() + 30_000) },
      [],
    );
    await stores.sessions.redeem(id, hash, 'replica-1');
    await stores.sessions.markClosed(
      id,
      { reason: 'The shell ended.', bytesIn: 1, bytesOut: 2 },
      [],
    );
    return { id, clusterUid: CLUSTER };
  }

  const reports = () => stores.reaps.listByRequest(requestId);
  const processes = async () =>
    (await stores.requests.get(requestId))?.observed.processes;

  it('ends the processes of a session of its own at once, and puts that on record', async () => {
    const worker = aWorker();
    await clock.advance(1);
    const session = await anEndedSession();
    worker.reap(session);
    await clock.advance(1);
    expect(await reports()).toMatchObject([
      { sessionId: session.id, state: 'settled', outcome: NONE },
    ]);
    const events = await stores.audit.read(requestId);
    expect(events.at(-1)).toMatchObject({
      eventId: 'session-reap',
      outcome: 'succeeded',
      meta: { session: session.id, state: 'none-left', ended: 2, left: 0 },
    });
    expect(await processes()).toEqual({
      sessions: 1,
      waiting: 0,
      left: 0,
      unknown: 0,
    });
  });

  it('finds what another process left in the queue', async () => {
    const { id } = await anEndedSession();
    aWorker('replica-2');
    await clock.advance(10);
    expect(await reports()).toMatchObject([
      { sessionId: id, state: 'settled' },
    ]);
  });

  it('does each session once, however many replicas there are', async () => {
    for (let count = 0; count < 5; count++) {
      await anEndedSession();
    }
    aWorker('replica-1');
    aWorker('replica-2');
    await clock.advance(5_000);
    expect(tried).toHaveLength(5);
    expect(new Set(tried).size).toBe(5);
  });

  it('tries again what is left, says so meanwhile, and adds up what it ended', async () => {
    answers = [{ outcome: LEFT, next: 'again' }];
    const session = await anEndedSession();
    aWorker().reap(session);
    await clock.advance(100);
    expect(await reports()).toMatchObject([
      { state: 'waiting', attempts: 1, outcome: LEFT },
    ]);
    expect(await processes()).toMatchObject({ waiting: 1 });
    await clock.advance(5_000);
    expect(await reports()).toMatchObject([
      { state: 'settled', attempts: 2, outcome: { ...NONE, found: 4 } },
    ]);
  });

  it('says in the end that processes are left, and that it failed', async () => {
    answers = Array.from({ length: 9 }, () => ({
      outcome: LEFT,
      next: 'again' as const,
    }));
    await anEndedSession();
    aWorker();
    await clock.advance(400_000);
    expect(await reports()).toMatchObject([
      { state: 'settled', attempts: 5, outcome: { state: 'left', left: 1 } },
    ]);
    expect(await processes()).toMatchObject({ waiting: 0, left: 1 });
    const events = await stores.audit.read(requestId);
    expect(events.at(-1)).toMatchObject({
      eventId: 'session-reap',
      outcome: 'failed',
    });
  });

  it('keeps a session for a cluster that is away, until it is back', async () => {
    health = 'unreachable';
    await anEndedSession();
    aWorker();
    await clock.advance(3600_000);
    expect(tried).toEqual([]);
    health = 'ready';
    await clock.advance(5_000);
    expect(await reports()).toMatchObject([{ state: 'settled' }]);
  });

  it('works on a few at once and on the others after them', async () => {
    const releases: Array<() => void> = [];
    answers = Array.from(
      { length: 20 },
      () =>
        new Promise<never>(resolve => {
          releases.push(() => resolve({} as never));
        }),
    );
    for (let count = 0; count < 20; count++) {
      await anEndedSession();
    }
    aWorker();
    await clock.advance(10_000);
    expect(tried.length).toBeLessThan(20);
    for (let round = 0; round < 5; round++) {
      releases.forEach(release => release());
      await clock.advance(5_000);
    }
    expect(tried).toHaveLength(20);
    expect((await reports()).every(({ state }) => state === 'settled')).toBe(
      true,
    );
  });

  it('does not let new ones wait for containers that do not answer', async () => {
    answers = Array.from({ length: 12 }, () => new Promise<never>(() => {}));
    for (let count = 0; count < 12; count++) {
      await anEndedSession();
    }
    const worker = aWorker();
    await clock.advance(5_000);
    expect(tried).toHaveLength(12);
    const fresh = await anEndedSession();
    worker.reap(fresh);
    await clock.advance(1);
    expect(await reports()).toContainEqual(
      expect.objectContaining({ sessionId: fresh.id, state: 'settled' }),
    );
  });

  it('leaves what it cannot finish to others when it stops', async () => {
    answers = [new Promise<never>(() => {})];
    const { id } = await anEndedSession();
    const first = aWorker('replica-1');
    await clock.advance(10);
    const stopped = first.stop();
    await clock.advance(10_000);
    await stopped;
    aWorker('replica-2');
    await clock.advance(10);
    expect(tried).toEqual([id, id]);
    expect(await reports()).toMatchObject([{ state: 'settled', attempts: 2 }]);
  });

  it('says what could not be put on record, and does it again', async () => {
    const failure = Promise.reject(new Error('no database'));
    failure.catch(() => {});
    answers = [failure];
    await anEndedSession();
    aWorker();
    await clock.advance(10);
    expect(logger.error).toHaveBeenCalled();
    await clock.advance(200_000);
    expect(await reports()).toMatchObject([{ state: 'settled' }]);
  });
});
