import { mockServices } from '@backstage/backend-test-utils';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { ManualClock } from '../testUtils/ManualClock';
import { DatabaseAuditTrail } from './DatabaseAuditTrail';
import { HeadReporter } from './HeadReporter';
import type { ChainHead } from './types';

const CHAIN = '01jhz0000000000000000000aa';

describe('HeadReporter', () => {
  const clock = new ManualClock();
  let stores: TestStores;
  let reporter: HeadReporter;
  /** Every event that the auditor was told of, with the heads in it. */
  let told: ChainHead[][];
  let isAuditorAway: boolean;
  const logger = mockServices.logger.mock();

  beforeEach(async () => {
    stores = await openTestStores({ clock });
    told = [];
    isAuditorAway = false;
    const auditor = mockServices.auditor.mock();
    auditor.createEvent.mockImplementation(async ({ meta, severityLevel }) => {
      if (isAuditorAway) {
        throw new Error('away');
      }
      return {
        success: async () => {
          // What is less does not get into Backstage's log by default.
          if (severityLevel === 'medium') {
            told.push(meta?.heads as unknown as ChainHead[]);
          }
        },
        fail: async () => {},
      };
    });
    reporter = new HeadReporter({
      audit: stores.audit,
      auditor,
      clock,
      logger,
    });
  });

  afterEach(() => stores.close());

  /** Until it has looked at what there is. */
  async function start(): Promise<void> {
    reporter.start();
    await clock.advance(0);
  }

  const append = (requestId?: string) =>
    stores.audit.append([
      {
        eventId: 'session-open',
        actor: 'user:default/ada',
        outcome: 'succeeded',
        requestId,
        meta: {},
      },
    ]);

  const headOf = async (chain: string) =>
    (await stores.audit.heads([chain]))[0];

  it('reports where the chains end that have grown, and no other', async () => {
    await start();
    await append();
    await append(CHAIN);
    await append(CHAIN);
    await clock.advance(30_000);
    expect(told).toEqual([
      [
        await headOf('system'),
        await headOf(CHAIN),
        await headOf('chains'),
      ].sort(byChain),
    ]);
    await append();
    await clock.advance(60_000);
    expect(told.slice(1)).toEqual([[await headOf('system')]]);
    await reporter.stop();
  });

  it('reports at its start what another process may have left unreported', async () => {
    await append(CHAIN);
    clock.step(25 * 60 * 60 * 1000);
    await append();
    await start();
    await reporter.stop();
    expect(told).toEqual([[await headOf('system')]]);
  });

  it('reports what a replica that was killed left unreported, once', async () => {
    await start();
    const killed = new DatabaseAuditTrail({
      knex: stores.knex,
      clock: stores.clock,
      keys: [{ id: 'test', secret: 'a secret for tests' }],
    });
    await killed.append([
      {
        eventId: 'session-open',
        actor: 'user:default/ada',
        outcome: 'succeeded',
        meta: {},
      },
    ]);
    await clock.advance(11 * 60 * 1000);
    expect(told).toEqual([[await headOf('system')]]);
    await reporter.stop();
  });

  it('reports at its stop what has grown since', async () => {
    await start();
    await append();
    await reporter.stop();
    expect(told).toEqual([[await headOf('system')]]);
    expect(clock.pending).toBe(0);
  });

  it('tries again when the auditor is away, and says so once', async () => {
    await start();
    await append();
    isAuditorAway = true;
    await clock.advance(90_000);
    expect(logger.error).toHaveBeenCalledTimes(1);
    isAuditorAway = false;
    await clock.advance(30_000);
    expect(told).toEqual([[await headOf('system')]]);
    await reporter.stop();
  });

  it('splits what would be too long for a line of a log', async () => {
    for (let n = 100; n < 160; n++) {
      await append(`01jhz00000000000000000${n}`);
    }
    await start();
    await reporter.stop();
    expect(told.map(heads => heads.length)).toEqual([50, 11]);
  });
});

function byChain(a: ChainHead, b: ChainHead): number {
  return a.chain < b.chain ? -1 : 1;
}
