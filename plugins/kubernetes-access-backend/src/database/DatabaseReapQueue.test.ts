import { createTestDatabase, ENGINES } from '../testUtils/engines';
import type { TestDatabase } from '../testUtils/engines';
import { openTestStores } from '../testUtils/database';
import type { TestStores } from '../testUtils/database';
import { ManualClock } from '../testUtils/ManualClock';
import { aNewRequest, aRequestId, termsOf } from '../testUtils/requests';
import { aNewSession } from '../testUtils/sessions';

const CLUSTER = termsOf().clusterUid;
const CLAIM_MS = 60_000;

describe.each(ENGINES)('DatabaseReapQueue on %s', engine => {
  let clock: ManualClock;
  let database: TestDatabase;
  let stores: TestStores;
  let requestId: string;

  beforeEach(async () => {
    clock = new ManualClock();
    database = await createTestDatabase(engine);
    stores = await openTestStores({ clock, knex: database.connect() });
    ({ id: requestId } = await stores.requests.create(aNewRequest()));
  });
  afterEach(async () => {
    await stores.close();
    await database.close();
  });

  async function aSession(redeem: boolean = true): Promise<string> {
    const id = aRequestId();
    const hash = id.padEnd(64, '0');
    await stores.sessions.create(
      aNewSession({ id, requestId, clusterUid: CLUSTER }),
      { hash, expiresAt: new Date(clock.now() + 30_000) },
      [],
    );
    if (redeem) {
      await stores.sessions.redeem(id, hash, 'replica-1');
    }
    return id;
  }

  async function anEndedSession(): Promise<string> {
    const id = await aSession();
    const end = { reason: 'The shell ended.', bytesIn: 1, bytesOut: 2 };
    await stores.sessions.markClosed(id, end, []);
    return id;
  }

  const due = (replica: string, limit: number = 10) =>
    stores.reaps.claimDue(replica, {
      clusterUids: [CLUSTER],
      limit,
      claimMs: CLAIM_MS,
    });

  it('has a session from the moment on at which it is closed', async () => {
    const id = await aSession();
    expect(await due('replica-1')).toEqual([]);
    await stores.sessions.markClosed(
      id,
      { reason: 'The shell ended.', bytesIn: 1, bytesOut: 2 },
      [],
    );
    expect(await stores.reaps.listByRequest(requestId)).toEqual([
      { sessionId: id, state: 'waiting', attempts: 0 },
    ]);
    const [task] = await due('replica-1');
    expect(task).toMatchObject({
      session: { id, state: 'closed', bytesOut: 2 },
      attempts: 0,
      found: 0,
      claimedAt: new Date(clock.now()).toISOString(),
    });
  });

  it('has no session to which nobody came', async () => {
    const id = await aSession(false);
    const end = { reason: 'Nobody came.', bytesIn: 0, bytesOut: 0 };
    await stores.sessions.markClosed(id, end, []);
    expect(await due('replica-1')).toEqual([]);
  });

  it('gives a session to one of many who want it at once', async () => {
    const id = await anEndedSession();
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        stores.reaps.claim(id, `replica-${i}`, CLAIM_MS),
      ),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  it('gives it to another one when whoever had it died with it', async () => {
    const id = await anEndedSession();
    await stores.reaps.claim(id, 'replica-1', CLAIM_MS);
    expect(await due('replica-2')).toEqual([]);
    await clock.advance(CLAIM_MS);
    expect(await due('replica-2')).toMatchObject([
      { session: { id }, attempts: 1 },
    ]);
  });

  it('gives back at once what a replica that stops had claimed', async () => {
    const id = await anEndedSession();
    await stores.reaps.claim(id, 'replica-1', CLAIM_MS);
    await stores.reaps.release('replica-2');
    expect(await due('replica-2')).toEqual([]);
    await stores.reaps.release('replica-1');
    expect(await due('replica-2')).toMatchObject([{ session: { id } }]);
  });

  it('gives a postponed session when its time has come, with what was found', async () => {
    const id = await anEndedSession();
    await due('replica-1');
    const outcome = { state: 'left' as const, found: 3, left: 1 };
    await stores.reaps.postpone(id, outcome, 5_000);
    expect(await due('replica-1')).toEqual([]);
    expect(await stores.reaps.listByRequest(requestId)).toMatchObject([
      { state: 'waiting', attempts: 1, outcome },
    ]);
    await clock.advance(5_000);
    expect(await due('replica-2')).toMatchObject([{ attempts: 1, found: 3 }]);
  });

  it('gives no more than is asked for, the longest due first, of the clusters that are there', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) {
      ids.push(await anEndedSession());
      await clock.advance(10);
    }
    expect(
      await stores.reaps.claimDue('replica-1', {
        clusterUids: ['another'],
        limit: 10,
        claimMs: CLAIM_MS,
      }),
    ).toEqual([]);
    const first = await due('replica-1', 2);
    const second = await due('replica-2', 2);
    expect(first.map(({ session }) => session.id)).toEqual(ids.slice(0, 2));
    expect(second.map(({ session }) => session.id)).toEqual(ids.slice(2));
  });

  it('settles a session once, together with what goes on record', async () => {
    const id = await anEndedSession();
    await due('replica-1');
    const outcome = { state: 'none-left' as const, found: 3, left: 0 };
    const event = {
      eventId: 'session-reap' as const,
      actor: 'system',
      outcome: 'succeeded' as const,
      requestId,
      meta: { session: id },
    };
    await stores.reaps.settle(id, outcome, [event]);
    await stores.reaps.settle(id, { ...outcome, found: 9 }, [event]);
    expect(await stores.reaps.listByRequest(requestId)).toEqual([
      {
        sessionId: id,
        state: 'settled',
        attempts: 1,
        outcome,
        settledAt: new Date(clock.now()).toISOString(),
      },
    ]);
    const events = await stores.audit.read(requestId);
    expect(
      events.filter(({ eventId }) => eventId === 'session-reap'),
    ).toHaveLength(1);
    await clock.advance(CLAIM_MS);
    expect(await due('replica-2')).toEqual([]);
    expect(await stores.reaps.claim(id, 'r', CLAIM_MS)).toBeUndefined();
  });

  it('has the sessions of a replica that died, for any other one', async () => {
    const id = await aSession();
    await stores.replicas.beat({ id: 'replica-1', host: 'one', pid: 1 });
    await clock.advance(10_000);
    expect(await stores.sessions.closeAbandoned('It died.')).toEqual([]);
    await clock.advance(10_000);
    const others = await openTestStores({ clock, knex: database.connect() });
    await others.sessions.closeAbandoned('It died.');
    expect(
      await others.reaps.claimDue('replica-2', {
        clusterUids: [CLUSTER],
        limit: 10,
        claimMs: CLAIM_MS,
      }),
    ).toMatchObject([{ session: { id, closeReason: 'It died.' } }]);
    await others.close();
  });
});
