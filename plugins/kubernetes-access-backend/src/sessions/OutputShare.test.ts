import fc from 'fast-check';
import {
  GRACE_BYTES,
  MAX_REST_MS,
  OutputShare,
  SHARED_BYTES_PER_SECOND,
  WANTED_MS,
} from './OutputShare';

const TEN_MS_OF_IT = Math.round(SHARED_BYTES_PER_SECOND / 100);

describe('OutputShare', () => {
  const flooded = { name: 'flooded' };
  const other = { name: 'other' };
  let now: number;
  let share: OutputShare;

  beforeEach(() => {
    now = 0;
    share = new OutputShare(() => now);
  });

  it('lets a flood go on at once while nobody else wants anything', () => {
    expect(share.restAfter(GRACE_BYTES * 100, flooded)).toBe(0);
  });

  it('makes a flood rest while Backstage is asked for something', () => {
    share.noteRequest();
    share.restAfter(GRACE_BYTES, flooded);
    expect(share.restAfter(TEN_MS_OF_IT, flooded)).toBeCloseTo(10, 2);
  });

  it('does the same while somebody types in another terminal', () => {
    share.noteInput(other);
    share.restAfter(GRACE_BYTES, flooded);
    expect(share.restAfter(TEN_MS_OF_IT, flooded)).toBeCloseTo(10, 2);
  });

  it('does not hold a terminal back for its own keys', () => {
    share.noteInput(flooded);
    expect(share.restAfter(GRACE_BYTES * 2, flooded)).toBe(0);
  });

  it('remembers another one’s keys after its own', () => {
    share.noteInput(other);
    share.noteInput(flooded);
    share.noteInput(flooded);
    expect(share.restAfter(GRACE_BYTES * 2, flooded)).toBeGreaterThan(0);
  });

  it('goes on at full speed once nobody wants anything any more', () => {
    share.noteInput(other);
    share.noteRequest();
    now += WANTED_MS;
    expect(share.restAfter(GRACE_BYTES * 2, flooded)).toBe(0);
  });

  it('never makes the typist pay for the flood', () => {
    share.noteInput(other);
    share.restAfter(GRACE_BYTES * 10, flooded);
    share.noteInput(flooded);
    for (let key = 0; key < 100; key++) {
      expect(share.restAfter(100, other)).toBe(0);
    }
  });

  it('does not take a screenful now and then for a flood', () => {
    for (let second = 0; second < 100; second++) {
      now += 1_000;
      share.noteRequest();
      expect(share.restAfter(GRACE_BYTES, flooded)).toBe(0);
    }
  });

  it('lets several floods have no more than one of them would', () => {
    share.noteRequest();
    share.restAfter(GRACE_BYTES, flooded);
    share.restAfter(GRACE_BYTES, other);
    expect(share.restAfter(TEN_MS_OF_IT, flooded)).toBeCloseTo(10, 2);
    expect(share.restAfter(TEN_MS_OF_IT, other)).toBeCloseTo(20, 2);
  });

  it('keeps a flood at the shared rate, however it is cut up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: TEN_MS_OF_IT }), {
          minLength: 200,
          maxLength: 400,
        }),
        turns => {
          now = 0;
          const any = new OutputShare(() => now);
          for (const bytes of turns) {
            any.noteRequest();
            now += any.restAfter(bytes, flooded);
          }
          const printed = turns.reduce((sum, bytes) => sum + bytes, 0);
          const allowed =
            GRACE_BYTES +
            2 * TEN_MS_OF_IT +
            (now / 1000) * SHARED_BYTES_PER_SECOND;
          expect(printed).toBeLessThanOrEqual(allowed + 1);
        },
      ),
    );
  });

  it('never stops a terminal for long, whatever the others print', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 10_000_000 }), { minLength: 1, maxLength: 50 }),
        turns => {
          const any = new OutputShare(() => now);
          any.noteRequest();
          for (const bytes of turns) {
            expect(any.restAfter(bytes, {})).toBeLessThanOrEqual(MAX_REST_MS);
          }
        },
      ),
    );
  });
});
