import type { RequesterActivity } from '../database/types';
import { askAgainAt, mayAskNow } from './mayAskNow';

const quotas = {
  openRequestsPerUser: 10,
  requestsPerHour: 3,
  pauseAfterDenialSeconds: 300,
};
const now = new Date('2026-01-15T12:00:00.000Z');

const ago = (seconds: number) =>
  new Date(now.getTime() - seconds * 1000).toISOString();

const asking = (activity: Partial<RequesterActivity>) =>
  mayAskNow({ openRequests: 0, askedAt: [], now, ...activity }, quotas);

describe('mayAskNow', () => {
  it.each<[string, Partial<RequesterActivity>]>([
    ['nothing was asked lately', {}],
    ['there is room for one more', { askedAt: [ago(3000), ago(10)] }],
    ['the pause is over to the millisecond', { deniedAt: ago(300) }],
  ])('says nothing when %s', (_, activity) => {
    expect(asking(activity)).toBeUndefined();
  });

  it.each([
    [0, 'in 5 minutes'],
    [61, 'in 4 minutes'],
    [299, 'in a minute'],
  ])('says %d s after a denial to ask again %s', (seconds, when) => {
    expect(asking({ deniedAt: ago(seconds) })).toEqual({
      reason: 'denied-lately',
      message: expect.stringContaining(`You can ask again ${when};`),
    });
  });

  it('says when there is room again after too many within an hour', () => {
    const askedAt = [ago(3000), ago(20), ago(10)];
    expect(asking({ askedAt })).toEqual({
      reason: 'too-many-asked',
      message: expect.stringMatching(/asked 3 times .* again in 10 minutes/),
    });
  });

  it('waits for more to leave where the limit was lowered', () => {
    const askedAt = [ago(3500), ago(3000), ago(2400), ago(10)];
    expect(asking({ askedAt })?.message).toMatch(/again in 10 minutes/);
  });

  it('knows no pause of no length', () => {
    const none = { ...quotas, pauseAfterDenialSeconds: 0 };
    expect(
      mayAskNow({ openRequests: 0, askedAt: [], deniedAt: ago(0), now }, none),
    ).toBeUndefined();
    expect(askAgainAt(ago(0), none)).toBe(ago(0));
  });
});
