import { openTestStores } from '../testUtils/database';
import type { TestStores } from '../testUtils/database';
import { ManualClock } from '../testUtils/ManualClock';
import { refuseSecondReplica } from './refuseSecondReplica';

const US = { id: 'us', host: 'here', pid: 100 };

describe('a second replica on SQLite', () => {
  let clock: ManualClock;
  let stores: TestStores;

  beforeEach(async () => {
    clock = new ManualClock();
    stores = await openTestStores({ clock, engine: 'sqlite' });
  });
  afterEach(() => stores.close());

  const start = (alive: number[] = []) =>
    refuseSecondReplica({
      replicas: stores.replicas,
      replica: US,
      clock,
      isProcessAlive: pid => alive.includes(pid),
    });

  it('starts where there is no other', async () => {
    await stores.replicas.beat(US);
    await expect(start()).resolves.toBeUndefined();
  });

  it('does not start while the process of the other runs on this machine', async () => {
    await stores.replicas.beat({ id: 'other', host: 'here', pid: 7 });
    await expect(start([7])).rejects.toThrow(
      /process 7 on here.*serves only one/,
    );
  });

  it('starts at once when the other process of this machine was killed', async () => {
    await stores.replicas.beat({ id: 'other', host: 'here', pid: 7 });
    await expect(start([])).resolves.toBeUndefined();
  });

  it('starts at once in the place of a container whose process had the same number', async () => {
    await stores.replicas.beat({ id: 'other', host: 'here', pid: US.pid });
    await expect(start([US.pid])).resolves.toBeUndefined();
  });

  it('does not start while another machine says that it is alive', async () => {
    const other = { id: 'other', host: 'there', pid: 7 };
    await stores.replicas.beat(other);
    const refused = start().catch(error => error.message);
    await clock.advance(500);
    await stores.replicas.beat(other);
    await clock.advance(2_000);
    await expect(refused).resolves.toContain('process 7 on there');
  });

  it('waits until another machine that says nothing any more counts as dead', async () => {
    await stores.replicas.beat({ id: 'other', host: 'there', pid: 7 });
    let started = false;
    const starting = start().then(() => {
      started = true;
    });
    await clock.advance(14_000);
    expect(started).toBe(false);
    await clock.advance(3_000);
    await starting;
    expect(started).toBe(true);
  });
});
