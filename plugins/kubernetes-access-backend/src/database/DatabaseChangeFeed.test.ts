import { mockServices } from '@backstage/backend-test-utils';
import { stateAt } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { SystemClock } from '../controller';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import type { TestDatabase } from '../testUtils/engines';
import { createTestDatabase } from '../testUtils/engines';
import { eventually } from '../testUtils/eventually';
import type { PostgresServer as Server } from '../testUtils/PostgresServer';
import { PostgresServer } from '../testUtils/PostgresServer';
import { aNewRequest } from '../testUtils/requests';
import { DatabaseChangeFeed } from './DatabaseChangeFeed';
import type { RecordEntryInput, StoredRequest } from './types';

jest.setTimeout(60_000);

const clock = new SystemClock();
const REVOKED: RecordEntryInput = {
  kind: 'ended',
  actor: 'user:default/olga',
  reason: 'revoked',
};

/** One of the processes on a database, and what it has heard. */
interface TestReplica {
  stores: TestStores;
  feed: DatabaseChangeFeed;
  heard: Array<{ request: StoredRequest; added: string[] }>;
}

describe('the change feed of two replicas on PostgreSQL', () => {
  let database: TestDatabase;
  const running: TestReplica[] = [];
  const logger = mockServices.logger.mock();

  beforeEach(async () => {
    database = await createTestDatabase('postgres');
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map(({ feed }) => feed.stop()));
    await database.close();
  });

  async function start(
    options: { listen?: boolean } = {},
    on: TestDatabase = database,
  ): Promise<TestReplica> {
    const stores = await openTestStores({ clock, knex: on.connect() });
    const { knex, replica, installationId, requests: store } = stores;
    const heard: TestReplica['heard'] = [];
    const feed = new DatabaseChangeFeed({
      knex,
      store,
      installationId,
      replica,
      clock,
      logger,
      ...options,
    });
    feed.onChange((request, added) =>
      heard.push({ request, added: added.map(({ kind }) => kind) }),
    );
    await feed.start();
    const started = { stores, feed, heard };
    running.push(started);
    return started;
  }

  const kindsHeard = ({ heard }: TestReplica) =>
    heard.flatMap(({ added }) => added);
  const revoke = ({ stores }: TestReplica, id: string) =>
    stores.requests.change(id, () => ({ entries: [REVOKED] }));

  it.each([
    ['at once, as PostgreSQL says so', true],
    ['within some seconds, when no word comes through', false],
  ])('tells of another’s changes %s', async (_, listen) => {
    const [one, other] = [await start(), await start({ listen })];
    const { id } = await one.stores.requests.create(aNewRequest());
    await eventually(() => expect(kindsHeard(other)).toEqual(['asked']));
    await revoke(one, id);
    await eventually(() =>
      expect(kindsHeard(other)).toEqual(['asked', 'ended']),
    );
    const { request } = other.heard[other.heard.length - 1];
    const state = stateAt(request, request.observed, new Date(clock.now()));
    expect(state.phase).toBe('Revoked');
  });

  it('tells of its own changes in the tick in which they are committed, and not again', async () => {
    const one = await start();
    const { id } = await one.stores.requests.create(aNewRequest());
    await revoke(one, id);
    expect(kindsHeard(one)).toEqual(['asked', 'ended']);
    const other = await start();
    await other.stores.requests.change(id, () => ({ notified: ['x'] }));
    await eventually(() => expect(one.heard).toHaveLength(3));
    expect(kindsHeard(one)).toEqual(['asked', 'ended']);
  });

  it('leaves out no entry of another replica when its own change comes right after', async () => {
    const one = await start({ listen: false });
    const other = await start({ listen: false });
    const { id } = await one.stores.requests.create(aNewRequest());
    await eventually(() => expect(other.heard).toHaveLength(1));
    await revoke(one, id);
    await other.stores.requests.change(id, () => ({
      observed: { message: 'seen' },
    }));
    await eventually(() =>
      expect(kindsHeard(other)).toEqual(['asked', 'ended']),
    );
  });

  it('tells of a request that began and was over between two looks', async () => {
    const [one, other] = [await start(), await start({ listen: false })];
    const { id } = await one.stores.requests.create(aNewRequest());
    await eventually(() => expect(other.heard).toHaveLength(1));
    await one.stores.requests.change(id, () => ({
      entries: [REVOKED],
      observed: { removal: { state: 'removed' } },
    }));
    await eventually(() =>
      expect(kindsHeard(other)).toEqual(['asked', 'ended']),
    );
  });

  it('does not listen to what others say on its channel', async () => {
    const one = await start();
    const { id } = await one.stores.requests.create(aNewRequest());
    const channel = `kubernetes_access_${one.stores.installationId}`;
    for (const payload of ['', 'null', '{}', '{"id":1}', '[', '"x"']) {
      await database
        .connect()
        .raw('select pg_notify(?, ?)', [channel, payload]);
    }
    await revoke(one, id);
    expect(kindsHeard(one)).toEqual(['asked', 'ended']);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it('does not tell of changes that were not committed', async () => {
    const [one, other] = [await start(), await start()];
    const { id } = await one.stores.requests.create(aNewRequest());
    await eventually(() => expect(other.heard).toHaveLength(1));
    await expect(
      one.stores.requests.change(id, () => ({ entries: [REVOKED, REVOKED] })),
    ).rejects.toThrow();
    await one.stores.requests.change(id, () => ({ notified: ['olga'] }));
    await eventually(() => expect(other.heard).toHaveLength(2));
    expect(kindsHeard(other)).toEqual(['asked']);
  });

  describe('when the database goes away for a while', () => {
    let server: Server;
    beforeAll(async () => {
      server = await PostgresServer.start();
    });
    afterAll(() => server.stop());

    it('tells of everything that it missed, and hears at once again', async () => {
      const own = await createTestDatabase('postgres', server.address);
      const [one, other] = [await start({}, own), await start({}, own)];
      const { id } = await one.stores.requests.create(aNewRequest());
      await eventually(() => expect(other.heard).toHaveLength(1));
      await server.pause();
      await expect(revoke(one, id)).rejects.toThrow();
      await server.resume();
      await eventually(() => revoke(one, id));
      await eventually(() =>
        expect(kindsHeard(other)).toEqual(['asked', 'ended']),
      );
      await Promise.all(running.splice(0).map(({ feed }) => feed.stop()));
      await own.close();
    });
  });
});
