import { mockServices } from '@backstage/backend-test-utils';
import type { ClusterConnection } from '../kubernetes';
import { FakeKubeClient } from '../testUtils/FakeKubeClient';
import { ManualClock } from '../testUtils/ManualClock';
import { Sweeper } from './Sweeper';

const MINUTE_MS = 60_000;

describe('Sweeper', () => {
  let clock: ManualClock;
  let client: FakeKubeClient;
  let logger: ReturnType<typeof mockServices.logger.mock>;
  let sweeper: Sweeper;
  /** Ends the term of this process. */
  let lose: () => void;
  let askedOfDatabase: number;

  beforeEach(() => {
    clock = new ManualClock();
    client = new FakeKubeClient();
    logger = mockServices.logger.mock();
    askedOfDatabase = 0;
    const store = {
      listUnfinished: async () => {
        askedOfDatabase++;
        return [];
      },
    };
    sweeper = new Sweeper({
      leadership: {
        onLead: listener => {
          lose = listener({
            name: 'demo',
            uid: 'cluster-1',
            client,
            grantNamespace: 'grants',
          } as unknown as ClusterConnection);
          return () => {};
        },
      },
      store: store as never,
      audit: {} as never,
      installationId: 'installation-1',
      clock,
      logger,
    });
  });

  afterEach(() => sweeper.stop());

  /** Lets the cluster answer only when it is told to. */
  function holdAnswers(): { answer: () => void; fail: () => void } {
    const list = client.list.bind(client);
    let answer = () => {};
    let fail = () => {};
    const held = new Promise<void>((resolve, reject) => {
      answer = resolve;
      fail = () => reject(new Error('the connection was closed'));
    });
    client.list = async (path, selection) => {
      await held;
      return list(path, selection);
    };
    return { answer, fail };
  }

  it('sweeps when this process begins to look after a cluster, and every five minutes until it stops', async () => {
    sweeper.start();
    await clock.advance(11 * MINUTE_MS);
    expect(askedOfDatabase).toBe(3);
    await sweeper.stop();
    await clock.advance(60 * MINUTE_MS);
    expect(askedOfDatabase).toBe(3);
    expect(clock.pending).toBe(0);
  });

  it('goes on when the cluster was away', async () => {
    const answerAgain = client.refuse('list', /./, new Error('away'));
    sweeper.start();
    await clock.advance(1);
    expect(logger.warn).toHaveBeenCalledWith(
      "Could not look for leftovers in cluster 'demo'; trying again in five minutes",
      expect.any(Error),
    );
    answerAgain();
    await clock.advance(5 * MINUTE_MS);
    expect(askedOfDatabase).toBe(1);
  });

  it('is stopped when what was under way has ended, and asks nothing more of the database', async () => {
    const { answer } = holdAnswers();
    sweeper.start();
    const order: string[] = [];
    const stopped = sweeper.stop().then(() => order.push('stopped'));
    await clock.advance(1);
    order.push('answered');
    answer();
    await stopped;
    await clock.advance(1);
    expect(order).toEqual(['answered', 'stopped']);
    expect(askedOfDatabase).toBe(0);
    expect(logger.warn).not.toHaveBeenCalled();
    expect(clock.pending).toBe(0);
  });

  it('says nothing of what failed because it was over', async () => {
    const { fail } = holdAnswers();
    sweeper.start();
    const stopped = sweeper.stop();
    fail();
    await stopped;
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('leaves a cluster alone that another process looks after by now, and waits for that as well', async () => {
    const { answer } = holdAnswers();
    sweeper.start();
    lose();
    const stopped = sweeper.stop();
    answer();
    await stopped;
    await clock.advance(60 * MINUTE_MS);
    expect(askedOfDatabase).toBe(0);
    expect(logger.warn).not.toHaveBeenCalled();
  });
});
