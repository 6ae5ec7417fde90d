import { ManualClock } from '../testUtils/ManualClock';
import { RefusalTrail } from './RefusalTrail';
import type { AuditEvent, AuditTrail } from './types';

describe('the trail of refusals', () => {
  let clock: ManualClock;
  let events: AuditEvent[];
  let isDown: boolean;
  let trail: RefusalTrail;

  beforeEach(() => {
    clock = new ManualClock();
    events = [];
    isDown = false;
    trail = new RefusalTrail({
      audit: {
        append: async added => {
          if (isDown) {
            throw new Error('The database is away');
          }
          events.push(...added);
        },
      } as AuditTrail,
      clock,
    });
  });

  const refuse = (reason: string, requestId?: string, actor = 'user:x/y') =>
    trail.record({ actor, action: 'request-decide', reason, requestId });

  const reasons = () =>
    events.map(({ meta }) => [meta.reason, meta.repeated].join(' '));

  it('tells of a repeated refusal at once and after a minute, however often it was', async () => {
    for (let i = 0; i < 1000; i++) {
      await refuse('own-request');
    }
    expect(reasons()).toEqual(['own-request 0']);
    await clock.advance(60_000);
    expect(reasons()).toEqual(['own-request 0', 'own-request 999']);
    await clock.advance(600_000);
    await refuse('own-request');
    expect(reasons()).toHaveLength(3);
  });

  it('tells a thousand different refusals of one person together', async () => {
    for (let i = 0; i < 1000; i++) {
      await refuse('not-found', `request-${i}`);
    }
    await clock.advance(60_000);
    expect(events).toHaveLength(32);
    expect(reasons().slice(30)).toEqual([
      'too-many-refusals 0',
      'too-many-refusals 969',
    ]);
  });

  it('is not silenced for one person by another', async () => {
    for (let i = 0; i < 100; i++) {
      await refuse('not-found', `request-${i}`);
    }
    await refuse('own-request', 'request-1', 'user:default/ada');
    expect(events.at(-1)).toMatchObject({
      actor: 'user:default/ada',
      meta: { reason: 'own-request' },
    });
  });

  it('loses no count while the database is away', async () => {
    await refuse('own-request');
    await refuse('own-request');
    isDown = true;
    await clock.advance(60_000);
    await expect(refuse('own-request')).rejects.toThrow('away');
    isDown = false;
    await refuse('own-request');
    await clock.advance(60_000);
    expect(reasons()[0]).toBe('own-request 0');
    expect(events.length).toBeGreaterThan(1);
  });

  it('knows of which errors it has told', async () => {
    const error = new Error('no');
    await trail.record(
      { actor: 'user:x/y', action: 'request-end', reason: 'x' },
      error,
    );
    expect(trail.isRecorded(error)).toBe(true);
    expect(trail.isRecorded(new Error('no'))).toBe(false);
  });
});
