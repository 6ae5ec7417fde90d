import { mockServices } from '@backstage/backend-test-utils';
import { ConflictError } from '@backstage/errors';
import { SystemClock } from '../controller';
import type {
  RecordEntryInput,
  RequesterActivity,
  StoredRequest,
} from '../database';
import { DatabaseChangeFeed } from '../database';
import { StreamCutter } from '../endings';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import type { TestDatabase } from '../testUtils/engines';
import { createTestDatabase } from '../testUtils/engines';
import { eventually } from '../testUtils/eventually';
import { aNewRequest, aRequestId } from '../testUtils/requests';
import { aNewSession } from '../testUtils/sessions';

jest.setTimeout(120_000);

const clock = new SystemClock();
const ROUNDS = 50;

const decisionOf = (
  { digest }: { digest: string },
  person: string,
  verdict: 'approve' | 'deny' = 'approve',
): RecordEntryInput => ({
  kind: 'decided',
  actor: `user:default/${person}`,
  verdict,
  digest,
});
const REVOKED: RecordEntryInput = {
  kind: 'ended',
  actor: 'user:default/olga',
  reason: 'revoked',
};

/** Runs at the same moment what several replicas do, and says what came of each. */
async function atOnce<T>(
  ...actions: Array<() => Promise<T>>
): Promise<{ done: T[]; refused: Error[] }> {
  const results = await Promise.allSettled(actions.map(action => action()));
  return {
    done: results.flatMap(r => (r.status === 'fulfilled' ? [r.value] : [])),
    refused: results.flatMap(r => (r.status === 'rejected' ? [r.reason] : [])),
  };
}

/** What depends on who comes first shows only now and then. */
async function inRounds(
  rounds: number,
  action: (round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await action(round);
  }
}

describe('two replicas on one PostgreSQL', () => {
  let database: TestDatabase;
  let one: TestStores;
  let other: TestStores;

  beforeAll(async () => {
    database = await createTestDatabase('postgres');
    one = await openTestStores({ clock, knex: database.connect() });
    other = await openTestStores({ clock, knex: database.connect() });
  });
  afterAll(() => database.close());

  let people = 0;
  const somebody = () => {
    people += 1;
    return `user:default/person-${people}`;
  };
  const askAs = (requester: string, entity: string = 'payments-api') =>
    aNewRequest({
      terms: { requester, entityRef: `component:default/${entity}` },
    });

  it('make one request when the same person asks on both at the same moment', async () => {
    await inRounds(ROUNDS, async round => {
      const requester = somebody();
      const stores = round % 2 ? [one, other] : [other, one];
      const { done, refused } = await atOnce(
        ...stores.map(store => () => store.requests.create(askAs(requester))),
      );
      expect(done).toHaveLength(1);
      expect(refused).toEqual([expect.any(ConflictError)]);
      expect(refused[0].message).toContain(`('${done[0].id}')`);
      const { items } = await one.requests.list({ requester, limit: 10 });
      expect(items).toHaveLength(1);
    });
  });

  it('give the same request to a call that is repeated on the other one meanwhile', async () => {
    await inRounds(ROUNDS, async () => {
      const requester = somebody();
      const ask = () => ({ ...askAs(requester), idempotencyKey: 'again' });
      const { done, refused } = await atOnce(
        () => one.requests.create(ask()),
        () => other.requests.create(ask()),
      );
      expect(refused).toEqual([]);
      expect(done[0].id).toBe(done[1].id);
    });
  });

  it('let nobody have more open requests than allowed, however many are asked for at once', async () => {
    const requester = somebody();
    const checkRoom = ({ openRequests }: RequesterActivity) => {
      if (openRequests >= 3) {
        throw new Error('no room');
      }
    };
    const { done, refused } = await atOnce(
      ...Array.from({ length: 12 }, (_, index) => () => {
        const request = aNewRequest({
          terms: {
            requester,
            targets: [{ namespace: 'payments', podSelector: `app=${index}` }],
          },
        });
        return (index % 2 ? one : other).requests.create(request, checkRoom);
      }),
    );
    expect(done).toHaveLength(3);
    expect(refused.map(({ message }) => message)).toEqual(
      Array(9).fill('no room'),
    );
  });

  describe('with a request', () => {
    let request: StoredRequest;

    beforeEach(async () => {
      request = await one.requests.create(askAs(somebody()));
    });

    const change = (stores: TestStores, ...entries: RecordEntryInput[]) =>
      stores.requests.change(request.id, current => {
        if (current.entries.some(({ kind }) => kind === 'ended')) {
          throw new ConflictError('It has ended');
        }
        return {
          entries,
          audit: [
            {
              eventId: 'request-decide',
              actor: entries[0].actor,
              outcome: 'succeeded',
              requestId: request.id,
              meta: {},
            },
          ],
        };
      });
    const record = async () =>
      (await one.requests.get(request.id))!.entries.map(
        entry => `${entry.kind} ${entry.actor}`,
      );

    it('count a person’s decision once, whichever replica it comes to', async () => {
      const { done, refused } = await atOnce(
        () => change(one, decisionOf(request, 'olga')),
        () => change(other, decisionOf(request, 'olga', 'deny')),
      );
      expect([done.length, refused.length]).toEqual([1, 1]);
      expect(refused[0]).toBeInstanceOf(ConflictError);
      expect(await record()).toHaveLength(2);
    });

    it('lose none of the decisions that several people make at once', async () => {
      const names = Array.from({ length: 10 }, (_, index) => `owner-${index}`);
      const { refused } = await atOnce(
        ...names.map(
          (name, index) => () =>
            change(index % 2 ? one : other, decisionOf(request, name)),
        ),
      );
      expect(refused).toEqual([]);
      const { revision, entries } = (await other.requests.get(request.id))!;
      expect([revision, entries.length]).toEqual([11, 11]);
    });

    it('decide on what stands: nothing is decided after an end that came first', async () => {
      await inRounds(10, async () => {
        request = await one.requests.create(askAs(somebody()));
        const { done } = await atOnce(
          () => change(one, decisionOf(request, 'omar')),
          () => change(other, REVOKED),
        );
        const kinds = (await record()).map(entry => entry.split(' ')[0]);
        expect(kinds).toEqual(
          done.length === 2
            ? ['asked', 'decided', 'ended']
            : ['asked', 'ended'],
        );
      });
    });

    it('end a request once', async () => {
      const { done } = await atOnce(
        ...[one, other, one, other].map(
          stores => () => change(stores, REVOKED),
        ),
      );
      expect(done).toHaveLength(1);
    });

    it('leave an audit trail in which nothing is missing or twice', async () => {
      await atOnce(
        ...Array.from(
          { length: 20 },
          (_, index) => () =>
            change(index % 2 ? one : other, decisionOf(request, `o-${index}`)),
        ),
      );
      const events = await one.audit.read(request.id);
      expect(events.map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
      events
        .slice(1)
        .forEach((event, index) =>
          expect(event.previous).toBe(events[index].mac),
        );
    });

    describe('and sessions', () => {
      const checkRoom = ({ ofUser }: { ofUser: number }) => {
        if (ofUser >= 2) {
          throw new Error('no room');
        }
      };
      const open = (stores: TestStores, id: string = aRequestId()) =>
        stores.sessions.create(
          aNewSession({
            id,
            requestId: request.id,
            clusterUid: request.terms.clusterUid,
            user: request.requester,
            replica: stores.replica,
          }),
          {
            hash: id.padEnd(64, '0'),
            expiresAt: new Date(clock.now() + 30_000),
          },
          [],
          checkRoom,
        );
      const redeem = (stores: TestStores, id: string) =>
        stores.sessions.redeem(id, id.padEnd(64, '0'), stores.replica);

      it('open no more than allowed, however many are opened at once', async () => {
        const { done, refused } = await atOnce(
          ...Array.from(
            { length: 10 },
            (_, index) => () => open(index % 2 ? one : other),
          ),
        );
        expect([done.length, refused.length]).toEqual([2, 8]);
      });

      it('take a ticket once, on whichever replica', async () => {
        await inRounds(20, async () => {
          request = await one.requests.create(askAs(somebody()));
          const { id } = await open(one);
          const { done } = await atOnce(
            () => redeem(one, id),
            () => redeem(other, id),
          );
          const winners = done.filter(Boolean);
          expect(winners).toHaveLength(1);
          const [stored] = await one.sessions.listByRequest(request.id);
          expect(stored.replica).toBe(winners[0]!.replica);
        });
      });

      it('close the sessions of a dead replica once, and queue their processes once', async () => {
        const { id } = await open(one);
        await redeem(one, id);
        const { done } = await atOnce(
          () => one.sessions.closeAbandoned('It crashed.'),
          () => other.sessions.closeAbandoned('It crashed.'),
        );
        expect(done.flat().filter(session => session.id === id)).toHaveLength(
          1,
        );
        await expect(
          one.knex('reap_queue').where({ session_id: id }),
        ).resolves.toHaveLength(1);
      });

      it('either take a ticket or close the session whose ticket nobody took', async () => {
        await inRounds(20, async () => {
          request = await one.requests.create(askAs(somebody()));
          const { id } = await open(one);
          await one
            .knex('tickets')
            .where({ session_id: id })
            .update({
              expires_at: new Date(clock.now() + 3).toISOString(),
            });
          const [redeemed] = (
            await atOnce<unknown>(
              () => redeem(one, id),
              () => other.sessions.closeUnused('Nobody came.'),
            )
          ).done;
          const [{ state }] = await one.sessions.listByRequest(request.id);
          expect([Boolean(redeemed), state]).not.toEqual([true, 'closed']);
        });
      });
    });
  });

  it('do everything at once without waiting for each other for ever', async () => {
    const asked = await Promise.all(
      Array.from({ length: 6 }, () => one.requests.create(askAs(somebody()))),
    );
    const jobs = asked.flatMap((request, index) =>
      [one, other].flatMap(stores => [
        () =>
          stores.requests.change(request.id, () => ({
            entries: [decisionOf(request, `p-${index}-${stores.replica}`)],
            audit: asked.slice(0, 3).map(({ id }) => ({
              eventId: 'request-decide' as const,
              actor: 'user:default/olga',
              outcome: 'succeeded' as const,
              requestId: id,
              meta: {},
            })),
          })),
        () =>
          stores.audit.append([
            {
              eventId: 'access-refused',
              actor: 'user:default/sam',
              outcome: 'refused',
              meta: {},
            },
          ]),
      ]),
    );
    const { refused } = await atOnce<unknown>(...jobs);
    expect(refused).toEqual([]);
  });

  describe('a revocation on one', () => {
    it.each([
      ['ends the terminals on the other at once', true],
      [
        'ends the terminals on the other also when no word of it comes through',
        false,
      ],
    ])('%s', async (_, listen) => {
      const logger = mockServices.logger.mock();
      const cut: string[] = [];
      const forgotten: string[] = [];
      const { knex, requests: store, installationId, replica } = other;
      const feed = new DatabaseChangeFeed({
        knex,
        store,
        installationId,
        replica,
        clock,
        logger,
        listen,
      });
      const cutter = new StreamCutter({
        changes: feed,
        store,
        sessions: {
          cut: (requestId: string) => {
            cut.push(requestId);
          },
        } as never,
        tokens: {
          forget: requestId => {
            forgotten.push(requestId);
          },
        },
        clock,
        logger,
      });
      await feed.start();
      cutter.start();
      const { id } = await one.requests.create(askAs(somebody()));
      await one.requests.change(id, () => ({ entries: [REVOKED] }));
      await eventually(() => expect(cut).toContain(id));
      expect(forgotten).toContain(id);
      cutter.stop();
      await feed.stop();
    });
  });
});
