import { ChaosStage } from '../../testUtils/chaos/ChaosStage';

jest.setTimeout(240_000);

/** A life has more commits than this. */
const MANY = 12;

describe('a back end that is killed between a commit and whatever it would have done next', () => {
  let stage: ChaosStage;

  beforeAll(async () => {
    stage = await ChaosStage.start({ engine: 'postgres' });
  });

  afterAll(async () => {
    await stage?.close();
  });

  async function life(): Promise<void> {
    const { id } = await stage.active();
    await stage.open(id);
    await stage.revoke(id);
    expect(await stage.untilRemoved(id)).toMatchObject({ phase: 'Revoked' });
    await stage.expectNoViolations();
  }

  it('would otherwise commit many times in a life', async () => {
    stage.commits?.afterEach();
    await life();
    expect(stage.commits?.count).toBeGreaterThan(MANY);
  });

  it.each([1, 2, 4, 6, 8, 10, MANY])(
    'finishes its work all the same when that is commit %i',
    async nth => {
      let crashes = 0;
      stage.commits?.afterEach(async count => {
        if (count === nth) {
          crashes += 1;
          await stage.crash();
        }
      });
      await life();
      stage.commits?.afterEach();
      expect(crashes).toBe(1);
    },
  );

  it('has left no session open on record, no object, and no complaint of an unhandled error', async () => {
    expect(await stage.settle()).toBe('sound');
  });
});
