/**
 * People and fate at random, on two replicas, PostgreSQL and the real API server; after every step it is looked whether
 * the invariants hold, and at the end of each life whether everything comes right by itself.
 *
 * A failure prints the seed and the shortest sequence that was found to fail. Options, as environment variables:
 *
 * - `KUBERNETES_ACCESS_CHAOS_STEPS`: how many steps (300 if not said)
 * - `KUBERNETES_ACCESS_CHAOS_SEED`: the seed (another one each time if not said)
 * - `KUBERNETES_ACCESS_CHAOS_MINUTES`: after so many minutes no other life is begun (5 if not said)
 * - `KUBERNETES_ACCESS_CHAOS_REPLAY`: the printed sequence of a failure, as JSON, instead of random ones
 */
import type { Action } from '../../testUtils/chaos/actions';
import { actionsOf, inWords } from '../../testUtils/chaos/actions';
import { ChaosStage } from '../../testUtils/chaos/ChaosStage';
import { RandomLife } from '../../testUtils/chaos/RandomLife';
import { shorten } from '../../testUtils/chaos/shorten';

const { env } = process;
const STEPS = Number(env.KUBERNETES_ACCESS_CHAOS_STEPS || 300);
const SEED = Number(
  env.KUBERNETES_ACCESS_CHAOS_SEED || Math.floor(Math.random() * 2 ** 31),
);
const MINUTES = Number(env.KUBERNETES_ACCESS_CHAOS_MINUTES || 5);
const REPLAY = env.KUBERNETES_ACCESS_CHAOS_REPLAY;
/** What happens in so many steps whatever the seed. */
const LEAST =
  REPLAY || STEPS < 150
    ? []
    : ['asked', 'decided', 'started', 'session opened'];
/** After so many steps everything is ended and has to come right. */
const STEPS_OF_A_LIFE = 40;
/** Finding the shortest failing sequence may take as long again. */
const SHORTENING_MS = MINUTES * 60_000;

jest.setTimeout(2 * MINUTES * 60_000 + SHORTENING_MS + 300_000);

describe('people and fate at random', () => {
  let stage: ChaosStage;
  let life: RandomLife;

  beforeAll(async () => {
    stage = await ChaosStage.start({ engine: 'postgres', replicas: 2 });
    life = new RandomLife(stage);
  });

  afterAll(async () => {
    await stage?.close();
  });

  async function problemOf(
    actions: readonly Action[],
  ): Promise<Error | undefined> {
    try {
      await life.live(actions);
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  /** What fails on a stage on which everything was put right before. */
  async function failsAnew(actions: readonly Action[]): Promise<boolean> {
    await recover();
    return (await problemOf(actions)) !== undefined;
  }

  async function recover(): Promise<void> {
    life.tidyUp();
    await stage.close();
    stage = await ChaosStage.start({ engine: 'postgres', replicas: 2 });
    life = new RandomLife(stage);
  }

  async function explain(
    actions: readonly Action[],
    problem: Error,
  ): Promise<Error> {
    const until = Date.now() + SHORTENING_MS;
    const shortest = await shorten(
      actions.slice(0, life.begun),
      failsAnew,
      () => Date.now() < until,
    );
    return new Error(
      [
        problem.message,
        `KUBERNETES_ACCESS_CHAOS_SEED=${SEED}; the shortest sequence found to fail, ${shortest.length} of ${actions.length}:`,
        ...shortest.map(inWords),
        `KUBERNETES_ACCESS_CHAOS_REPLAY='${JSON.stringify(shortest)}'`,
      ].join('\n'),
    );
  }

  function lives(): Action[][] {
    if (REPLAY) {
      return [JSON.parse(REPLAY)];
    }
    const actions = actionsOf(SEED, STEPS);
    const count = Math.ceil(actions.length / STEPS_OF_A_LIFE);
    return Array.from({ length: count }, (_, index) =>
      actions.slice(index * STEPS_OF_A_LIFE, (index + 1) * STEPS_OF_A_LIFE),
    );
  }

  it(`break no invariant (seed ${SEED})`, async () => {
    const until = Date.now() + MINUTES * 60_000;
    let least = LEAST;
    for (const actions of lives()) {
      if (Date.now() > until) {
        // A slow machine does not come to everything.
        least = [];
        break;
      }
      const problem = await problemOf(actions);
      if (problem) {
        throw await explain(actions, problem);
      }
    }
    // Where nothing happens, nothing can break.
    const happened = await stage.observer.happened();
    expect(Object.keys(happened)).toEqual(expect.arrayContaining(least));
  });
});
