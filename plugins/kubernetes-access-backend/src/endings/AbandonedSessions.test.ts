import { mockServices } from '@backstage/backend-test-utils';
import { openTestStores } from '../testUtils/database';
import { eventually } from '../testUtils/eventually';
import { ManualClock } from '../testUtils/ManualClock';
import { aClosedSession } from '../testUtils/reaping';
import { aNewRequest } from '../testUtils/requests';
import { aNewSession } from '../testUtils/sessions';
import { AbandonedSessions } from './AbandonedSessions';

describe('AbandonedSessions', () => {
  function start(closeAbandoned: () => Promise<never[]>) {
    const clock = new ManualClock();
    const logger = mockServices.logger.mock();
    const looks: number[] = [];
    const part = new AbandonedSessions({
      sessions: {
        closeUnused: async () => 0,
        closeAbandoned: () => {
          looks.push(clock.monotonic());
          return closeAbandoned();
        },
      },
      clock,
      logger,
    });
    part.start();
    return { part, clock, logger, looks };
  }

  it('looks at once and every few seconds, until it is stopped', async () => {
    const { part, clock, looks } = start(async () => []);
    await clock.advance(12_000);
    expect(looks).toEqual([0, 5_000, 10_000]);
    await part.stop();
    await clock.advance(60_000);
    expect(looks).toHaveLength(3);
    expect(clock.pending).toBe(0);
  });

  it('is stopped when the look that is under way has ended', async () => {
    let answer: (closed: never[]) => void = () => {};
    const { part, clock } = start(
      () =>
        new Promise(resolve => {
          answer = resolve;
        }),
    );
    await clock.advance(1);
    const order: string[] = [];
    const stopped = part.stop().then(() => order.push('stopped'));
    await clock.advance(1);
    order.push('answered');
    answer([]);
    await stopped;
    expect(order).toEqual(['answered', 'stopped']);
    expect(clock.pending).toBe(0);
  });

  it('goes on when the database was away', async () => {
    const { part, clock, logger, looks } = start(async () => {
      throw new Error('no database');
    });
    await clock.advance(6_000);
    expect(looks).toHaveLength(2);
    expect(logger.warn).toHaveBeenCalledTimes(2);
    await part.stop();
  });

  it('says how many it closed', async () => {
    const { part, clock, logger } = start(
      async () => [aClosedSession()] as never[],
    );
    await clock.advance(1);
    expect(logger.info).toHaveBeenCalledWith(
      'Closed 1 session whose replica stopped without closing them',
    );
    await part.stop();
  });

  it('closes what nobody came to, also when the replica that gave out the ticket has died', async () => {
    const clock = new ManualClock();
    const stores = await openTestStores({ clock });
    const request = await stores.requests.create(aNewRequest());
    await stores.sessions.create(
      aNewSession({
        requestId: request.id,
        clusterUid: request.terms.clusterUid,
        replica: 'a dead one',
      }),
      { hash: 'a'.repeat(64), expiresAt: new Date(clock.now() + 30_000) },
      [],
    );
    const part = new AbandonedSessions({
      sessions: stores.sessions,
      clock,
      logger: mockServices.logger.mock(),
    });
    part.start();
    const sessions = () => stores.sessions.listByRequest(request.id);
    expect((await sessions())[0].state).toBe('opening');

    await eventually(async () => {
      await clock.advance(5_000);
      expect(await sessions()).toEqual([
        expect.objectContaining({
          state: 'closed',
          closeReason: 'Nobody came with the ticket in time.',
        }),
      ]);
    });
    await part.stop();
    await stores.close();
  });
});
