import { gzipSync } from 'node:zlib';
import type { TestStores } from '../testUtils/database';
import { ENGINES } from '../testUtils/engines';
import { RecordedSession } from '../testUtils/RecordedSession';
import type { Recorder } from './Recorder';

/** How many segments the recording has: more than go into one event of the trail. */
const SEGMENTS = 20;

describe.each(ENGINES)('a recording on %s', engine => {
  let recorded: RecordedSession;
  let stores: TestStores;
  let session: string;
  let chain: string;

  beforeEach(async () => {
    recorded = await RecordedSession.start(engine);
    ({ stores, id: session, requestId: chain } = recorded);
  });

  afterEach(() => recorded.close());

  const record = () => recorded.record(SEGMENTS);
  const rows = () => recorded.rows();

  async function closeInOrder(recorder: Recorder): Promise<void> {
    expect(await recorded.end(recorder)).toBe(SEGMENTS);
  }

  /** As the whole and as one chain. */
  async function findings(): Promise<string[]> {
    const [whole, one] = await Promise.all([
      stores.archive.verify({ record: false }),
      stores.archive.verify({ chain, record: false }),
    ]);
    expect(one.findings).toEqual(whole.findings);
    expect(whole.sound).toBe(whole.findings.length === 0);
    return whole.findings.map(({ message }) => message);
  }

  describe('whose session closed', () => {
    beforeEach(async () => closeInOrder(await record()));

    it('is as the audit trail says', async () => {
      expect(await findings()).toEqual([]);
      expect(await stores.archive.verify({ record: false })).toMatchObject({
        segments: SEGMENTS,
        unconfirmedSegments: 0,
      });
    });

    it('shows when a segment was changed, also with a digest that fits', async () => {
      await rows()
        .where({ sequence: 3 })
        .update({ data: gzipSync('[0,"o","nothing"]\n') });
      expect(await findings()).toEqual([
        `Segment 3 of the recording of session ${session} is not the one that was recorded.`,
      ]);
    });

    it('shows when a segment was taken out', async () => {
      await rows().where({ sequence: 3 }).delete();
      expect(await findings()).toEqual([
        `The recording of session ${session} lacks segment 3.`,
      ]);
    });

    it('shows when segments changed places', async () => {
      await rows().where({ sequence: 3 }).update({ sequence: 99 });
      await rows().where({ sequence: 4 }).update({ sequence: 3 });
      await rows().where({ sequence: 99 }).update({ sequence: 4 });
      expect(await findings()).toEqual(
        [3, 4].map(
          sequence =>
            `Segment ${sequence} of the recording of session ${session} is not the one that was recorded.`,
        ),
      );
    });

    it('shows when its end was cut off', async () => {
      await rows().where('sequence', '>=', 17).delete();
      expect(await findings()).toEqual([
        `The recording of session ${session} lacks segments 17, 18, 19.`,
      ]);
    });

    it('shows when it is gone as a whole', async () => {
      await rows().delete();
      expect(await findings()).toEqual([
        `The recording of session ${session} lacks segments 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 10 more.`,
      ]);
    });

    it('shows when something was added to it', async () => {
      const [row] = await rows().where({ sequence: 0 });
      await rows().insert({ ...row, sequence: SEGMENTS });
      expect(await findings()).toEqual([
        `Segment ${SEGMENTS} of the recording of session ${session} was added after the session had closed.`,
      ]);
    });
  });

  describe('whose replica was killed', () => {
    beforeEach(async () => {
      await record();
    });

    it('has segments that the trail does not speak of', async () => {
      expect(await findings()).toEqual([]);
      const { unconfirmedSegments } = await stores.archive.verify();
      expect(unconfirmedSegments).toBeGreaterThan(0);
    });

    describe('and whose session was closed by another one', () => {
      beforeEach(async () => {
        await stores.sessions.closeAbandoned('Its replica is gone.');
      });

      it('is as the audit trail says', async () => {
        expect(await findings()).toEqual([]);
        expect(await stores.archive.verify({ record: false })).toMatchObject({
          segments: SEGMENTS,
          unconfirmedSegments: 0,
        });
      });

      it('shows what was done to its last segment', async () => {
        await rows()
          .where({ sequence: SEGMENTS - 1 })
          .update({ data: gzipSync('[0,"o","nothing"]\n') });
        expect(await findings()).toEqual([
          `Segment ${
            SEGMENTS - 1
          } of the recording of session ${session} is not the one that was recorded.`,
        ]);
      });
    });

    it('shows what was changed before it was closed, where the trail had spoken of it', async () => {
      await rows()
        .where({ sequence: 2 })
        .update({ digest: 'f'.repeat(64), data: gzipSync('[0,"o","x"]\n') });
      await stores.sessions.closeAbandoned('Its replica is gone.');
      expect(await findings()).toEqual([
        `Segment 2 of the recording of session ${session} is not the one that was recorded.`,
      ]);
    });
  });
});
