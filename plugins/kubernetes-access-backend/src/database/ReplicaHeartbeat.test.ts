import { mockServices } from '@backstage/backend-test-utils';
import type { TestStores } from '../testUtils/database';
import { clockOf, openTestStores } from '../testUtils/database';
import { ENGINES } from '../testUtils/engines';
import { ManualClock } from '../testUtils/ManualClock';
import { DatabaseReplicaStore } from './DatabaseReplicaStore';
import { ReplicaHeartbeat } from './ReplicaHeartbeat';
import type { Replica, ReplicaStore } from './types';

const REPLICA: Replica = { id: 'replica-1', host: 'here', pid: 42 };

/** A database that answers, fails or keeps silent as told. */
class FakeReplicas implements ReplicaStore {
  readonly beats: string[] = [];
  readonly removed: string[] = [];
  answer: () => Promise<Date>;

  constructor(clock: ManualClock) {
    this.answer = async () => new Date(clock.now());
  }

  async beat({ id }: Replica): Promise<Date> {
    const now = await this.answer();
    this.beats.push(id);
    return now;
  }

  async remove(id: string): Promise<void> {
    this.removed.push(id);
  }

  async forgetDead(): Promise<void> {}

  async listOthersAlive() {
    return [];
  }
}

describe('ReplicaHeartbeat', () => {
  let clock: ManualClock;
  let replicas: FakeReplicas;
  let heartbeat: ReplicaHeartbeat;
  const logger = mockServices.logger.mock();

  beforeEach(async () => {
    jest.clearAllMocks();
    clock = new ManualClock();
    replicas = new FakeReplicas(clock);
    heartbeat = new ReplicaHeartbeat({
      replicas,
      replica: REPLICA,
      clock,
      logger,
    });
    await heartbeat.start();
  });
  afterEach(() => heartbeat.stop());

  const never = () => new Promise<Date>(() => {});
  const fail = () => Promise.reject(new Error('database away'));

  it('says every 2 seconds that the replica is alive', async () => {
    await clock.advance(6_000);
    expect(replicas.beats).toHaveLength(4);
    expect(heartbeat.lastHeardAt()).toBe(clock.monotonic());
  });

  it('goes on after failures, and says once that the database is away and once that it is back', async () => {
    const answer = replicas.answer;
    replicas.answer = fail;
    await clock.advance(10_000);
    expect(logger.error).toHaveBeenCalledTimes(1);
    replicas.answer = answer;
    await clock.advance(2_000);
    expect(heartbeat.lastHeardAt()).toBe(clock.monotonic());
    expect(logger.info).toHaveBeenCalledWith('The database answers again');
  });

  it('goes on when an answer never comes', async () => {
    const answer = replicas.answer;
    replicas.answer = never;
    await clock.advance(2_000);
    replicas.answer = answer;
    await clock.advance(6_000);
    expect(heartbeat.lastHeardAt()).toBe(clock.monotonic());
  });

  it('tells of a silence of 5 seconds, once, and of the next one again', async () => {
    const silences: number[] = [];
    heartbeat.onSilent(5_000, () => silences.push(clock.monotonic()));
    const answer = replicas.answer;
    await clock.advance(2_000);
    replicas.answer = fail;
    await clock.advance(4_999);
    expect(silences).toEqual([]);
    await clock.advance(1);
    expect(silences).toEqual([7_000]);
    await clock.advance(60_000);
    expect(silences).toHaveLength(1);
    replicas.answer = answer;
    await clock.advance(2_000);
    replicas.answer = fail;
    await clock.advance(7_000);
    expect(silences).toHaveLength(2);
  });

  it('tells nobody who has stopped listening', async () => {
    const tell = jest.fn();
    heartbeat.onSilent(5_000, tell)();
    replicas.answer = fail;
    await clock.advance(60_000);
    expect(tell).not.toHaveBeenCalled();
  });

  it.each([
    [6_000, 'not for one in which nobody can have done so', 0],
    [14_000, 'for one that was long enough', 1],
  ])(
    'tells after a silence of %s ms that others may have taken it for dead: %s',
    async (silenceMs, _, times) => {
      const tell = jest.fn();
      heartbeat.onTakenForDead(tell);
      const answer = replicas.answer;
      replicas.answer = fail;
      await clock.advance(silenceMs);
      replicas.answer = answer;
      await clock.advance(10_000);
      expect(tell).toHaveBeenCalledTimes(times);
    },
  );

  it('takes itself off the list at the end, also when a beat was under way', async () => {
    let answer = (_: Date) => {};
    replicas.answer = () =>
      new Promise(resolve => {
        answer = resolve;
      });
    await clock.advance(2_000);
    await heartbeat.stop();
    answer(new Date(clock.now()));
    await clock.advance(10_000);
    expect(replicas.removed).toEqual(['replica-1', 'replica-1']);
    expect(replicas.beats).toHaveLength(2);
  });

  describe('compares the clocks', () => {
    it.each([
      ['ahead', 90_000],
      ['behind', -90_000],
    ])(
      'sees at once that its own was set %s, and says so once',
      async (_, ms) => {
        const databaseStart = clock.now();
        replicas.answer = async () =>
          new Date(databaseStart + clock.monotonic());
        expect(heartbeat.isClockOff()).toBe(false);
        clock.step(ms);
        expect(heartbeat.isClockOff()).toBe(true);
        expect(heartbeat.clockOffsetMs()).toBe(ms);
        await clock.advance(20_000);
        expect(heartbeat.clockOffsetMs()).toBe(ms);
        expect(logger.error).toHaveBeenCalledTimes(1);
        clock.step(-ms);
        expect(heartbeat.isClockOff()).toBe(false);
      },
    );

    it('allows for 2 seconds', async () => {
      const ahead = (ms: number) => async () => new Date(clock.now() - ms);
      replicas.answer = ahead(2_000);
      await clock.advance(2_000);
      expect(heartbeat.isClockOff()).toBe(false);
      replicas.answer = ahead(2_001);
      await clock.advance(2_000);
      expect(heartbeat.isClockOff()).toBe(true);
    });

    it('does not take a slow answer for another clock', async () => {
      replicas.answer = async () => {
        const now = new Date(clock.now());
        await new Promise<void>(resolve => clock.schedule(3_500, resolve));
        return now;
      };
      await clock.advance(6_000);
      expect(heartbeat.clockOffsetMs()).toBe(0);
    });
  });
});

describe.each(ENGINES)('DatabaseReplicaStore on %s', engine => {
  let clock: ManualClock;
  let stores: TestStores;

  beforeEach(async () => {
    clock = new ManualClock();
    stores = await openTestStores({ clock, engine });
  });
  afterEach(() => stores.close());

  const othersOf = async (id: string) =>
    (await stores.replicas.listOthersAlive(id)).map(other => other.id);

  it('knows the other replicas until they were not seen for 15 seconds', async () => {
    await stores.replicas.beat(REPLICA);
    await expect(othersOf('replica-1')).resolves.toEqual([]);
    await expect(othersOf('replica-2')).resolves.toEqual(['replica-1']);
    await clock.advance(10_000);
    await stores.replicas.beat(REPLICA);
    await clock.advance(15_000);
    await expect(othersOf('replica-2')).resolves.toEqual(['replica-1']);
    await clock.advance(1);
    await expect(othersOf('replica-2')).resolves.toEqual([]);
  });

  it('forgets one that says goodbye', async () => {
    await stores.replicas.beat(REPLICA);
    await stores.replicas.remove('replica-1');
    await expect(othersOf('replica-2')).resolves.toEqual([]);
  });

  it('removes what has been dead for a day, and nothing else', async () => {
    const rows = async () => (await stores.knex('replicas')).length;
    await stores.replicas.beat(REPLICA);
    await clock.advance(24 * 3_600_000);
    await stores.replicas.forgetDead();
    expect(await rows()).toBe(1);
    await clock.advance(1);
    await stores.replicas.forgetDead();
    expect(await rows()).toBe(0);
  });

  it('does not count the replicas of another installation', async () => {
    await stores.replicas.beat(REPLICA);
    const others = new DatabaseReplicaStore({
      knex: stores.knex,
      clock: clockOf(clock),
      installationId: 'installation-2',
    });
    await expect(others.listOthersAlive('replica-2')).resolves.toEqual([]);
  });
});
