import { openTestStores } from '../testUtils/database';
import { ENGINES } from '../testUtils/engines';
import type { TestStores } from '../testUtils/database';
import { ManualClock } from '../testUtils/ManualClock';
import { aNewRequest, aRequestId } from '../testUtils/requests';
import { aNewSession } from '../testUtils/sessions';
import type { StoredSession } from './types';

const HASH = 'a'.repeat(64);

describe.each(ENGINES)('DatabaseSessionStore on %s', engine => {
  let clock: ManualClock;
  let stores: TestStores;
  let session: StoredSession;

  beforeEach(async () => {
    clock = new ManualClock();
    stores = await openTestStores({ clock, engine });
    const request = await stores.requests.create(aNewRequest());
    session = await stores.sessions.create(
      aNewSession({
        requestId: request.id,
        clusterUid: request.terms.clusterUid,
      }),
      { hash: HASH, expiresAt: new Date(clock.now() + 30_000) },
      [],
    );
  });
  afterEach(() => stores.close());

  it('notes how much went through sessions of a replica while they are open', async () => {
    const { requestId, clusterUid } = session;
    const another = await stores.sessions.create(
      aNewSession({ requestId, clusterUid }),
      { hash: 'b'.repeat(64), expiresAt: new Date(clock.now() + 30_000) },
      [],
    );
    const traffic = [
      { id: session.id, bytesIn: 3, bytesOut: 5_000_000_000 },
      { id: another.id, bytesIn: 0, bytesOut: 7 },
    ];
    const noted = async () =>
      (await stores.sessions.listByRequest(requestId)).map(
        ({ bytesIn, bytesOut }) => [bytesIn, bytesOut],
      );
    await stores.sessions.noteTraffic('replica-1', traffic);
    expect(await noted()).toEqual([
      [0, 0],
      [0, 0],
    ]);

    await stores.sessions.markOpen(session.id, 'replica-1', []);
    await stores.sessions.markOpen(another.id, 'replica-2', []);
    await stores.sessions.noteTraffic('replica-1', traffic);
    expect(await noted()).toEqual([
      [3, 5_000_000_000],
      [0, 0],
    ]);

    const end = { reason: 'Done.', bytesIn: 4, bytesOut: 5_000_000_001 };
    await stores.sessions.markClosed(session.id, end, []);
    await stores.sessions.noteTraffic('replica-1', traffic);
    expect(await noted()).toEqual([
      [4, 5_000_000_001],
      [0, 0],
    ]);
  });

  it('gives the session to whoever brings the ticket, once', async () => {
    await expect(
      stores.sessions.redeem(session.id, HASH, 'replica-2'),
    ).resolves.toEqual({ ...session, replica: 'replica-2' });
    await expect(
      stores.sessions.redeem(session.id, HASH, 'replica-2'),
    ).resolves.toBeUndefined();
  });

  it('lets only one of many who redeem at the same moment win', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, () =>
        stores.sessions.redeem(session.id, HASH, 'replica-2'),
      ),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  it('refuses a ticket from the instant on at which it is too old', async () => {
    await clock.advance(30_000);
    await expect(
      stores.sessions.redeem(session.id, HASH, 'replica-2'),
    ).resolves.toBeUndefined();
  });

  it('refuses the ticket of another session', async () => {
    await expect(
      stores.sessions.redeem(aRequestId(), HASH, 'replica-2'),
    ).resolves.toBeUndefined();
  });

  it('refuses a ticket whose session was closed meanwhile', async () => {
    const end = { reason: 'The request was revoked.', bytesIn: 0, bytesOut: 0 };
    await stores.sessions.markClosed(session.id, end, []);
    await expect(
      stores.sessions.redeem(session.id, HASH, 'replica-2'),
    ).resolves.toBeUndefined();
  });

  it('keeps the first end of a session', async () => {
    await stores.sessions.markOpen(session.id, 'replica-1', []);
    const end = { reason: 'first', bytesIn: 3, bytesOut: 5_000_000_000 };
    await stores.sessions.markClosed(session.id, end, []);
    await stores.sessions.markClosed(
      session.id,
      { ...end, reason: 'second' },
      [],
    );
    const [stored] = await stores.sessions.listByRequest(session.requestId);
    expect(stored).toMatchObject({
      state: 'closed',
      closeReason: 'first',
      bytesIn: 3,
      bytesOut: 5_000_000_000,
    });
  });

  it('counts open sessions and tickets that can still be redeemed', async () => {
    const live = () => stores.sessions.countLive({ user: 'user:default/ada' });
    expect(await live()).toBe(1);
    await clock.advance(30_000);
    expect(await live()).toBe(0);
    await stores.sessions.markOpen(session.id, 'replica-1', []);
    expect(await live()).toBe(1);
    expect(await stores.sessions.countLive({ user: 'user:default/sam' })).toBe(
      0,
    );
  });

  describe('after a crash', () => {
    const redeem = () => stores.sessions.redeem(session.id, HASH, 'replica-2');
    const beat = () =>
      stores.replicas.beat({ id: 'replica-2', host: 'here', pid: 42 });
    const abandon = () => stores.sessions.closeAbandoned('It crashed.');

    it('closes the sessions of a replica that is gone, once, and says so in the audit trail', async () => {
      await redeem();
      await expect(abandon()).resolves.toMatchObject([
        { id: session.id, state: 'closed', replica: 'replica-2' },
      ]);
      await expect(abandon()).resolves.toEqual([]);
      const [stored] = await stores.sessions.listByRequest(session.requestId);
      expect(stored.closeReason).toBe('It crashed.');
      await expect(stores.audit.read(session.requestId)).resolves.toMatchObject(
        [{ eventId: 'session-close', actor: 'system' }],
      );
    });

    it('leaves the sessions of a replica alone that was seen 15 s ago, and not longer', async () => {
      await redeem();
      await beat();
      await clock.advance(15_000);
      await expect(abandon()).resolves.toEqual([]);
      await clock.advance(1);
      await expect(abandon()).resolves.toHaveLength(1);
    });

    it('leaves a ticket alone that can still be redeemed elsewhere', async () => {
      await expect(abandon()).resolves.toEqual([]);
      await expect(redeem()).resolves.toBeDefined();
    });
  });

  it('queues the processes of a redeemed session in the transaction that closes it, once', async () => {
    const queue = () => stores.knex('reap_queue').select();
    await stores.sessions.redeem(session.id, HASH, 'replica-2');
    const end = { reason: 'over', bytesIn: 0, bytesOut: 0 };
    await stores.sessions.markClosed(session.id, end, []);
    await stores.sessions.markClosed(session.id, end, []);
    await expect(queue()).resolves.toMatchObject([
      { session_id: session.id, state: 'waiting', attempts: 0 },
    ]);
  });

  it('queues nothing for a session that nobody came to', async () => {
    const end = { reason: 'over', bytesIn: 0, bytesOut: 0 };
    await stores.sessions.markClosed(session.id, end, []);
    await expect(stores.knex('reap_queue').select()).resolves.toEqual([]);
  });

  it('knows the sessions that live in a pod', async () => {
    const inPod = async (podUid: string) =>
      (await stores.sessions.liveInPod(session.clusterUid, podUid)).length;
    expect(await inPod('pod-uid')).toBe(1);
    expect(await inPod('another')).toBe(0);
    await stores.sessions.markClosed(
      session.id,
      { reason: 'over', bytesIn: 0, bytesOut: 0 },
      [],
    );
    expect(await inPod('pod-uid')).toBe(0);
  });

  it('closes a session whose ticket nobody redeemed, once nobody can any more', async () => {
    const stateOf = async () =>
      (await stores.sessions.listByRequest(session.requestId))[0].state;
    await stores.sessions.closeUnused('Nobody came.');
    expect(await stateOf()).toBe('opening');
    await clock.advance(30_000);
    await stores.sessions.closeUnused('Nobody came.');
    expect(await stateOf()).toBe('closed');
  });

  it('leaves a session alone whose ticket was redeemed', async () => {
    await stores.sessions.redeem(session.id, HASH, 'replica-2');
    await clock.advance(30_000);
    await stores.sessions.closeUnused('Nobody came.');
    const [{ state }] = await stores.sessions.listByRequest(session.requestId);
    expect(state).toBe('opening');
  });
});
