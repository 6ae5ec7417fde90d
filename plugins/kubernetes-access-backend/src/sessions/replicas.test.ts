import {
  CLOSE_CODES,
  SESSION_PROTOCOL,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { randomBytes } from 'node:crypto';
import { DatabaseChangeFeed } from '../database';
import type { ChangeFeed, ChangeListener } from '../database/types';
import { StreamCutter } from '../endings';
import { podsPath } from '../kubernetes';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import type { TestDatabase } from '../testUtils/engines';
import { createTestDatabase, ENGINES } from '../testUtils/engines';
import type { Replica } from '../testUtils/sessionHarness';
import { aPod, openSessionHarness, PLACE } from '../testUtils/sessionHarness';
import { eventually } from '../testUtils/sockets';

type Harness = Awaited<ReturnType<typeof openSessionHarness>>;

jest.setTimeout(60_000);

/** The same object with methods of its own, which can be replaced without replacing the object's. */
function steppable<T extends object>(object: T, names: Array<keyof T>): T {
  const own: T = Object.create(object);
  for (const name of names) {
    const method = object[name] as (...args: unknown[]) => unknown;
    own[name] = ((...args: unknown[]) =>
      method.apply(object, args)) as T[typeof name];
  }
  return own;
}

describe.each(ENGINES)('sessions on two replicas, on %s', engine => {
  let database: TestDatabase;
  let harness: Harness;
  /** The other replica: on PostgreSQL with connections of its own. */
  let otherStores: TestStores;
  let other: Replica;
  const cleanUps: Array<() => void | Promise<void>> = [];

  beforeEach(async () => {
    database = await createTestDatabase(engine);
    const knex = database.connect();
    harness = await openSessionHarness({ knex });
    otherStores =
      engine === 'postgres'
        ? await openTestStores({
            clock: harness.clock,
            knex: database.connect(),
          })
        : harness.stores;
    const { audit, requests, sessions, recordings } = otherStores;
    other = await harness.startReplica('replica-2', {
      audit,
      requests,
      sessions,
      recordings,
    });
  });

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0)) {
      await cleanUp();
    }
    await harness.close();
    await database.close();
  });

  /** Streams of the other replica are cut by what it hears. */
  function cutBy(changes: ChangeFeed): void {
    const cutter = new StreamCutter({
      changes,
      store: otherStores.requests,
      sessions: other.sessions.live,
      tokens: { forget: () => {} },
      clock: harness.clock,
      logger: harness.logger,
    });
    cutter.start();
    cleanUps.push(() => cutter.stop());
  }

  async function feedOfOther(): Promise<ChangeFeed> {
    if (engine === 'sqlite') {
      return otherStores.requests;
    }
    const feed = new DatabaseChangeFeed({
      knex: otherStores.knex,
      store: otherStores.requests,
      installationId: otherStores.installationId,
      replica: otherStores.replica,
      clock: harness.clock,
      logger: harness.logger,
    });
    await feed.start();
    cleanUps.push(() => feed.stop());
    return feed;
  }

  const rowsOf = (requestId: string) =>
    harness.stores.sessions.listByRequest(requestId);

  const areClosed = async (requestId: string) => {
    while ((await rowsOf(requestId)).some(({ state }) => state !== 'closed')) {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  };

  describe('a ticket', () => {
    it('opens its session on another replica than the one that made it', async () => {
      const request = await harness.activeRequest();
      const { seen } = await other.connect(await harness.ticketFor(request));
      await eventually(() => seen.message('ready') !== undefined);
      expect((await rowsOf(request.id))[0]).toMatchObject({
        state: 'open',
        replica: 'replica-2',
      });
    });

    it('opens nothing on another replica once it was used', async () => {
      const ticket = await harness.ticketFor(await harness.activeRequest());
      const first = await harness.connect(ticket);
      await eventually(() => first.seen.message('ready') !== undefined);
      const second = await other.connect(ticket);
      await eventually(() => second.seen.closed !== undefined);
      expect(second.seen.closed?.code).toBe(CLOSE_CODES.badTicket);
      expect(harness.execs).toHaveLength(1);
    });

    it('opens one session when it comes to both at the same moment', async () => {
      const request = await harness.activeRequest();
      for (let round = 1; round <= 8; round++) {
        const ticket = await harness.ticketFor(request);
        const browsers = await Promise.all(
          [harness, other, harness, other].map(({ connect }) =>
            connect(ticket),
          ),
        );
        await eventually(
          () =>
            browsers.filter(({ seen }) => seen.closed !== undefined).length ===
              3 &&
            browsers.some(({ seen }) => seen.message('ready') !== undefined),
        );
        expect(harness.execs).toHaveLength(round);
        browsers.forEach(({ socket }) => socket.close());
        await areClosed(request.id);
      }
    });

    it('is worth nothing on any replica after 30 seconds', async () => {
      const ticket = await harness.ticketFor(await harness.activeRequest());
      await harness.clock.advance(30_000);
      const { seen } = await other.connect(ticket);
      await eventually(() => seen.closed !== undefined);
      expect(seen.closed?.code).toBe(CLOSE_CODES.badTicket);
    });

    it('opens neither another session nor one of another user or request', async () => {
      const mine = await harness.activeRequest();
      const hers = await harness.activeRequest({
        requester: 'user:default/sam',
      });
      const ticket = await harness.ticketFor(mine);
      const others = [
        await harness.ticketFor(mine),
        await harness.ticketFor(hers),
      ];
      for (const { path } of others) {
        const { seen } = await other.connect({ ...ticket, path });
        await eventually(() => seen.closed !== undefined);
        expect(seen.closed?.code).toBe(CLOSE_CODES.badTicket);
      }
      // Not even trying has used up anything.
      const { seen } = await other.connect(ticket);
      await eventually(() => seen.message('ready') !== undefined);
    });

    it('cannot be guessed, and whoever tries is on record', async () => {
      const request = await harness.activeRequest();
      const ticket = await harness.ticketFor(request);
      const flipped = ticket.ticket.replace(/^./, c => (c === 'A' ? 'B' : 'A'));
      const guesses = [
        flipped,
        ticket.ticket.toUpperCase(),
        ...Array.from({ length: 20 }, () =>
          randomBytes(32).toString('base64url'),
        ),
      ];
      for (const guess of guesses) {
        const { seen } = await other.connect({ ...ticket, ticket: guess });
        await eventually(() => seen.closed !== undefined);
        expect(seen.closed?.code).toBe(CLOSE_CODES.badTicket);
      }
      const refused = (await harness.stores.audit.read('system')).filter(
        ({ meta }) => meta.reason === 'bad-ticket',
      );
      expect(refused.length).toBeGreaterThan(0);
      const { seen } = await harness.connect(ticket);
      await eventually(() => seen.message('ready') !== undefined);
    });

    it.each(['ticket', 'token', 'access_token'])(
      'is not taken from the URL, as %s',
      async name => {
        const ticket = await harness.ticketFor(await harness.activeRequest());
        const browser = await other.connect(
          { ...ticket, path: `${ticket.path}?${name}=${ticket.ticket}` },
          { protocols: [SESSION_PROTOCOL] },
        );
        expect(browser.status).toBe(401);
      },
    );
  });

  describe('a revocation on one replica', () => {
    it('ends the streams on the other', async () => {
      cutBy(await feedOfOther());
      const request = await harness.activeRequest();
      const { seen } = await other.connect(await harness.ticketFor(request));
      await eventually(() => seen.message('ready') !== undefined);
      await harness.commitEnd(request);
      await eventually(() => seen.closed !== undefined);
      expect(seen.closed?.code).toBe(CLOSE_CODES.revoked);
      expect(seen.message('ending')?.message).toBe('olga revoked the access.');
      await areClosed(request.id);
      expect(other.sessions.live.count()).toBe(0);
    });

    /** A feed that tells nothing until it is let to. */
    class LateFeed implements ChangeFeed {
      readonly #listeners: ChangeListener[] = [];
      readonly #untold: Array<Parameters<ChangeListener>> = [];
      #isLate = true;

      onChange(listener: ChangeListener): () => void {
        this.#listeners.push(listener);
        return () => {};
      }

      hear: ChangeListener = (...change) => {
        if (this.#isLate) {
          this.#untold.push(change);
        } else {
          this.#tell(change);
        }
      };

      catchUp(): void {
        this.#isLate = false;
        this.#untold.splice(0).forEach(change => this.#tell(change));
      }

      #tell(change: Parameters<ChangeListener>): void {
        this.#listeners.forEach(listener => listener(...change));
      }
    }

    /** Runs `task` once, before or after a method of an object does its work. */
    function around<Name extends string>(
      object: Record<Name, (...args: never[]) => Promise<unknown>>,
      name: Name,
      when: 'before' | 'after',
      task: () => Promise<void>,
      call: number = 1,
    ): void {
      const original = object[name].bind(object) as (
        ...args: never[]
      ) => Promise<unknown>;
      let calls = 0;
      object[name] = async (...args: never[]) => {
        calls += 1;
        const isTurn = calls === call;
        if (isTurn && when === 'before') {
          await task();
        }
        const result = await original(...args);
        if (isTurn && when === 'after') {
          await task();
        }
        return result;
      };
    }

    type Place = (
      stores: Pick<TestStores, 'sessions' | 'requests'>,
      end: () => Promise<void>,
    ) => void;

    const steps: Array<[string, { opens: boolean; at: Place }]> = [
      [
        'before the ticket is taken',
        seenByRecord((s, end) =>
          around(s.sessions as never, 'redeem' as never, 'before', end),
        ),
      ],
      [
        'after the ticket is taken',
        seenByRecord((s, end) =>
          around(s.sessions as never, 'redeem' as never, 'after', end),
        ),
      ],
      [
        'before the record is read',
        seenByRecord((s, end) =>
          around(s.requests as never, 'get' as never, 'before', end),
        ),
      ],
      [
        'after the record is read',
        seenByRecord((s, end) =>
          around(s.requests as never, 'get' as never, 'after', end),
        ),
      ],
      [
        'while the pod is looked up',
        seenByRecord((_, end) =>
          around(harness.client as never, 'list' as never, 'before', end),
        ),
      ],
      [
        'after the pod was looked up',
        seenByRecord((_, end) =>
          around(harness.client as never, 'list' as never, 'after', end),
        ),
      ],
      [
        'while the exec opens',
        seenByRecord((_, end) => {
          harness.cluster.beforeOpen = end;
        }),
      ],
      [
        'before the record is read again',
        seenByRecord((s, end) =>
          around(s.requests as never, 'get' as never, 'before', end, 2),
        ),
      ],
      [
        'after the record was read again',
        onlyHeard((s, end) =>
          around(s.requests as never, 'get' as never, 'after', end, 2),
        ),
      ],
      [
        'before the session is on record as open',
        onlyHeard((s, end) =>
          around(s.sessions as never, 'markOpen' as never, 'before', end),
        ),
      ],
      [
        'after the session is on record as open',
        onlyHeard((s, end) =>
          around(s.sessions as never, 'markOpen' as never, 'after', end),
        ),
      ],
    ];

    function seenByRecord(at: Place) {
      return { opens: false, at };
    }

    function onlyHeard(at: Place) {
      return { opens: true, at };
    }

    it.each(steps)('%s leaves no stream open', async (_, { opens, at }) => {
      const late = new LateFeed();
      cutBy(late);
      harness.stores.requests.onChange(late.hear);
      const request = await harness.activeRequest();
      const ticket = await harness.ticketFor(request);
      // Stores that can be held up at each step, while what the test itself does goes around that.
      const own = {
        sessions: steppable(otherStores.sessions, [
          'redeem',
          'markOpen',
          'markClosed',
        ]),
        requests: steppable(otherStores.requests, ['get', 'now']),
      };
      other = await harness.startReplica('replica-3', own);
      const cutter = new StreamCutter({
        changes: late,
        store: otherStores.requests,
        sessions: other.sessions.live,
        tokens: { forget: () => {} },
        clock: harness.clock,
        logger: harness.logger,
      });
      cutter.start();
      cleanUps.push(() => cutter.stop());
      let ended = false;
      at(own, async () => {
        if (!ended) {
          ended = true;
          await harness.commitEnd(request);
        }
      });

      const { seen } = await other.connect(ticket);
      if (opens) {
        await eventually(() => seen.message('ready') !== undefined);
        late.catchUp();
      }
      await eventually(() => seen.closed !== undefined);
      expect(ended).toBe(true);
      expect(seen.closed?.code).toBe(CLOSE_CODES.revoked);
      expect(seen.frames).toEqual([]);
      expect(seen.message('ready') !== undefined).toBe(opens);
      await eventually(() =>
        harness.execs.every(({ arrived }) => arrived.closed !== undefined),
      );
      await areClosed(request.id);
      expect(other.sessions.live.count()).toBe(0);
      late.catchUp();
    });
  });

  it('does not begin a session that was closed as that of a dead replica', async () => {
    const request = await harness.activeRequest();
    const ticket = await harness.ticketFor(request);
    harness.cluster.beforeOpen = async () => {
      const abandoned = await harness.stores.sessions.closeAbandoned(
        'Its replica is gone.',
      );
      expect(abandoned).toHaveLength(1);
    };
    const { seen } = await other.connect(ticket);
    await eventually(() => seen.closed !== undefined);
    expect(seen.message('ready')).toBeUndefined();
    await eventually(() => harness.execs[0].arrived.closed !== undefined);
    expect(other.sessions.live.count()).toBe(0);
  });

  it('lets a pod be replaced between the ticket and the session on neither', async () => {
    const ticket = await harness.ticketFor(await harness.activeRequest());
    harness.client.put(podsPath('payments'), aPod(PLACE.pod, 'c://2'));
    const { seen } = await other.connect(ticket);
    await eventually(() => seen.closed !== undefined);
    expect(seen.closed?.code).toBe(CLOSE_CODES.podGone);
  });
});
