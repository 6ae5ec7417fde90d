import { ApiRefusal } from '../../testUtils/chaos/AccessApi';
import { ChaosStage } from '../../testUtils/chaos/ChaosStage';
import { eventually } from '../../testUtils/RealCluster';

jest.setTimeout(240_000);

const MINUTE = 60_000;

describe('a back end whose clock is not the database’s', () => {
  let stage: ChaosStage;

  beforeAll(async () => {
    stage = await ChaosStage.start({ engine: 'postgres' });
  });

  afterEach(async () => {
    stage?.replicas.forEach(replica => replica.shiftClock(0));
    await stage?.settle();
  });

  afterAll(async () => {
    await stage?.close();
  });

  /** Until the replica has noticed. */
  async function refusal(id: string): Promise<ApiRefusal> {
    return eventually(async () => {
      const error = await stage.api.open('ada', id).then(
        () => undefined,
        thrown => thrown,
      );
      expect(error).toBeInstanceOf(ApiRefusal);
      return error;
    });
  }

  it.each([
    { how: 'ten minutes ahead', offsetMs: 10 * MINUTE },
    { how: 'ten minutes behind', offsetMs: -10 * MINUTE },
    { how: 'three seconds ahead', offsetMs: 3_000 },
  ])('$how opens no terminals, and says why', async ({ offsetMs }) => {
    const { id } = await stage.active();
    stage.replicas[0].shiftClock(offsetMs);
    const { message } = await refusal(id);
    expect(message).toMatch(/clock/i);
    stage.replicas[0].shiftClock(0);
    await stage.open(id);
  });

  it('behind by an hour still ends a grant when the database says so', async () => {
    const { id, expiresAt } = await stage.active(6);
    const terminal = await stage.open(id);
    stage.replicas[0].shiftClock(-60 * MINUTE);
    const { at } = await terminal.closed;
    expect(at).toBeLessThan(Date.parse(expiresAt as string) + 3_000);
    await eventually(async () =>
      expect(await stage.api.see('ada', id)).toMatchObject({
        phase: 'Expired',
      }),
    );
    await stage.untilRemoved(id);
  });

  it('ahead by an hour ends no grant before its time', async () => {
    const { id } = await stage.active(600);
    stage.replicas[0].shiftClock(60 * MINUTE);
    // A change makes it look at everything again.
    await refusal(id);
    expect(await stage.api.see('ada', id)).toMatchObject({ phase: 'Active' });
    await stage.crash();
    expect(await stage.api.see('ada', id)).toMatchObject({ phase: 'Active' });
  });

  it('that is off from the start writes the database’s time on record', async () => {
    await stage.crash(undefined, { clockOffsetMs: 30 * MINUTE });
    await stage.reachable();
    const { createdAt, id } = await stage.ask();
    expect(Math.abs(Date.parse(createdAt) - Date.now())).toBeLessThan(MINUTE);
    await stage.api.end('ada', 'cancel', id);
    await stage.crash();
  });
});
