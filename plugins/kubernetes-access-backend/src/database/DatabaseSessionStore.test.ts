import { openTestStores } from '../testUtils/database';
import type { TestStores } from '../testUtils/database';
import { ManualClock } from '../testUtils/ManualClock';
import { aNewRequest, aRequestId } from '../testUtils/requests';
import type { StoredSession } from './types';

const HASH = 'a'.repeat(64);

describe('DatabaseSessionStore', () => {
  let clock: ManualClock;
  let stores: TestStores;
  let session: StoredSession;

  beforeEach(async () => {
    clock = new ManualClock();
    stores = await openTestStores({ clock });
    const request = await stores.requests.create(aNewRequest());
    session = await stores.sessions.create(
      {
        id: aRequestId(),
        requestId: request.id,
        clusterUid: request.terms.clusterUid,
        user: 'user:default/ada',
        mark: 4711,
        replica: 'replica-1',
        namespace: 'payments',
        pod: 'payments-api-1',
        podUid: 'pod-uid',
        container: 'app',
        containerId: 'containerd://1',
        columns: 80,
        rows: 24,
        recorded: true,
      },
      { hash: HASH, expiresAt: new Date(clock.now() + 30_000) },
      [],
    );
  });
  afterEach(() => stores.close());

  it('gives the session to whoever brings the ticket, once', async () => {
    await expect(stores.sessions.redeem(session.id, HASH)).resolves.toEqual(
      session,
    );
    await expect(
      stores.sessions.redeem(session.id, HASH),
    ).resolves.toBeUndefined();
  });

  it('lets only one of many who redeem at the same moment win', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, () =>
        stores.sessions.redeem(session.id, HASH),
      ),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  it('refuses a ticket from the instant on at which it is too old', async () => {
    await clock.advance(30_000);
    await expect(
      stores.sessions.redeem(session.id, HASH),
    ).resolves.toBeUndefined();
  });

  it('refuses the ticket of another session', async () => {
    await expect(
      stores.sessions.redeem(aRequestId(), HASH),
    ).resolves.toBeUndefined();
  });

  it('refuses a ticket whose session was closed meanwhile', async () => {
    const end = { reason: 'The request was revoked.', bytesIn: 0, bytesOut: 0 };
    await stores.sessions.markClosed(session.id, end, []);
    await expect(
      stores.sessions.redeem(session.id, HASH),
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

  it('closes the sessions of a process that is gone, and says so in the audit trail', async () => {
    const closed = await stores.sessions.closeAbandoned(
      'replica-2',
      'The back end was restarted.',
    );
    expect(closed).toBe(1);
    const [stored] = await stores.sessions.listByRequest(session.requestId);
    expect(stored.closeReason).toBe('The back end was restarted.');
    await expect(stores.audit.read(session.requestId)).resolves.toMatchObject([
      { eventId: 'session-close', actor: 'system' },
    ]);
  });

  it('leaves its own sessions alone', async () => {
    await expect(
      stores.sessions.closeAbandoned('replica-1', 'x'),
    ).resolves.toBe(0);
  });

  it('closes a session whose ticket nobody redeemed, once nobody can any more', async () => {
    const stateOf = async () =>
      (await stores.sessions.listByRequest(session.requestId))[0].state;
    await stores.sessions.closeUnused(session.id, 'Nobody came.');
    expect(await stateOf()).toBe('opening');
    await clock.advance(30_000);
    await stores.sessions.closeUnused(session.id, 'Nobody came.');
    expect(await stateOf()).toBe('closed');
  });

  it('leaves a session alone whose ticket was redeemed', async () => {
    await stores.sessions.redeem(session.id, HASH);
    await clock.advance(30_000);
    await stores.sessions.closeUnused(session.id, 'Nobody came.');
    const [{ state }] = await stores.sessions.listByRequest(session.requestId);
    expect(state).toBe('opening');
  });
});
