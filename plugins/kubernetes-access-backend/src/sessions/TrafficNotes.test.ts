import { mockServices } from '@backstage/backend-test-utils';
import type { SessionTraffic } from '../database/types';
import { ManualClock } from '../testUtils/ManualClock';
import { TRAFFIC_MS, TrafficNotes } from './TrafficNotes';

describe('TrafficNotes', () => {
  let clock: ManualClock;
  let traffic: SessionTraffic[];
  let written: SessionTraffic[][];
  let write: () => Promise<void>;
  let notes: TrafficNotes;
  const logger = mockServices.logger.mock();

  beforeEach(() => {
    clock = new ManualClock();
    traffic = [];
    written = [];
    write = async () => {};
    notes = new TrafficNotes({
      traffic: () => traffic,
      sessions: {
        noteTraffic: async (_, each) => {
          await write();
          written.push(each);
        },
      },
      replica: 'replica-1',
      clock,
      logger,
    });
  });

  afterEach(() => notes.stop());

  it('writes nothing while nothing goes through', async () => {
    traffic = [{ id: 'a', bytesIn: 0, bytesOut: 0 }];
    notes.arm();
    await clock.advance(10 * TRAFFIC_MS);
    expect(written).toEqual([]);
  });

  it('writes those together in which something went through since, however often it did', async () => {
    const a = { id: 'a', bytesIn: 3, bytesOut: 40 };
    const b = { id: 'b', bytesIn: 0, bytesOut: 7 };
    traffic = [a, b];
    notes.arm();
    await clock.advance(TRAFFIC_MS);
    traffic = [a, { ...b, bytesIn: 1 }];
    await clock.advance(TRAFFIC_MS - 1);
    traffic = [a, { ...b, bytesIn: 2 }];
    await clock.advance(1);
    await clock.advance(10 * TRAFFIC_MS);
    expect(written).toEqual([[a, b], [{ ...b, bytesIn: 2 }]]);
  });

  it('does not even look while there is no session', async () => {
    traffic = [{ id: 'a', bytesIn: 1, bytesOut: 1 }];
    notes.arm();
    notes.arm();
    expect(clock.pending).toBe(1);
    traffic = [];
    await clock.advance(TRAFFIC_MS);
    expect(clock.pending).toBe(0);
    traffic = [{ id: 'b', bytesIn: 1, bytesOut: 1 }];
    notes.arm();
    await clock.advance(TRAFFIC_MS);
    expect(written).toEqual([traffic]);
  });

  it('writes what it could not write as soon as it can', async () => {
    traffic = [{ id: 'a', bytesIn: 3, bytesOut: 40 }];
    notes.arm();
    write = async () => {
      throw new Error('no database');
    };
    await clock.advance(TRAFFIC_MS);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    write = async () => {};
    await clock.advance(TRAFFIC_MS);
    expect(written).toEqual([traffic]);
  });

  it('is stopped when what is under way has been written, and writes no more', async () => {
    traffic = [{ id: 'a', bytesIn: 3, bytesOut: 40 }];
    notes.arm();
    let answer = () => {};
    write = () =>
      new Promise(resolve => {
        answer = resolve;
      });
    await clock.advance(TRAFFIC_MS);
    const stopped = notes.stop().then(() => written.length);
    answer();
    await expect(stopped).resolves.toBe(1);
    traffic = [{ id: 'a', bytesIn: 4, bytesOut: 40 }];
    await clock.advance(10 * TRAFFIC_MS);
    expect(written).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });
});
