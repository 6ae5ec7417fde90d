import { ChaosStage } from '../../testUtils/chaos/ChaosStage';

jest.setTimeout(180_000);

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

  // Together they kill after each of the first commits, and some of them several times in one life.
  it.each([1, 2, 3, 5, 7])(
    'finishes its work all the same when that is after every commit whose number %i divides',
    async every => {
      let crashes = 0;
      let isStarting = false;
      stage.commits?.afterEach(async count => {
        if (count % every === 0 && crashes < 6 && !isStarting) {
          crashes += 1;
          isStarting = true;
          await stage.crash();
          isStarting = false;
        }
      });
      await life();
      stage.commits?.afterEach();
      expect(crashes).toBeGreaterThan(0);
    },
  );

  it('has left no session open on record, no object, and no complaint of an unhandled error', async () => {
    await stage.settle();
  });
});
