import { ReplicaProcess } from '../testUtils/chaos/ReplicaProcess';
import type { Engine, TestDatabase } from '../testUtils/engines';
import { createTestDatabase } from '../testUtils/engines';

jest.setTimeout(120_000);

describe('a second back end on the same database', () => {
  let database: TestDatabase;
  const processes: ReplicaProcess[] = [];

  afterEach(async () => {
    const alive = processes.splice(0).filter(({ isAlive }) => isAlive);
    await Promise.all(alive.map(each => each.kill()));
    await database.close();
  });

  async function start(): Promise<ReplicaProcess> {
    const replica = ReplicaProcess.load();
    processes.push(replica);
    await replica.start({ database: database.config, kubernetesAccess: {} });
    return replica;
  }

  const lists = async (replica: ReplicaProcess) =>
    (await replica.api.get('ada', '/requests?scope=mine')).status;

  async function on(engine: Engine): Promise<ReplicaProcess> {
    database = await createTestDatabase(engine);
    return start();
  }

  it('is welcome on PostgreSQL', async () => {
    const first = await on('postgres');
    const second = await start();
    expect([await lists(first), await lists(second)]).toEqual([200, 200]);
  });

  it('does not start on SQLite, says why, and does the first one no harm', async () => {
    const first = await on('sqlite');
    await expect(start()).rejects.toThrow(
      /uses the SQLite database.*serves only one.*use PostgreSQL/,
    );
    expect(await lists(first)).toBe(200);
  });

  it('takes over on SQLite from one that has ended in order', async () => {
    const first = await on('sqlite');
    await first.stop();
    expect(await lists(await start())).toBe(200);
  });

  it('takes over on SQLite from one that was killed', async () => {
    const first = await on('sqlite');
    await first.kill();
    expect(await lists(await start())).toBe(200);
  });
});
