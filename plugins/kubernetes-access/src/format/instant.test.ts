import { DateTime } from 'luxon';
import { exactTime, relativeTime, timeOfDay } from './instant';

const NOON = DateTime.fromObject({ year: 2026, month: 11, day: 21, hour: 12 });

function after(time: { minutes?: number; seconds?: number; days?: number }) {
  return NOON.plus(time).toUTC().toISO() as string;
}

describe('relativeTime', () => {
  it.each([
    ['now', { seconds: -5 }],
    ['now', { seconds: 5 }],
    ['4 minutes ago', { minutes: -4 }],
    ['in 2 hours', { minutes: 121 }],
  ])('tells %s', (words, time) => {
    expect(relativeTime(after(time), NOON.toJSDate(), 'en')).toBe(words);
  });
});

describe('timeOfDay', () => {
  it('leaves the day out while it is today', () => {
    expect(timeOfDay(after({ minutes: 152 }), NOON.toJSDate(), 'en')).toBe(
      '14:32',
    );
  });

  it('says the day when it is another one', () => {
    expect(timeOfDay(after({ days: 1 }), NOON.toJSDate(), 'en')).toBe(
      'Nov 22, 12:00',
    );
  });
});

describe('exactTime', () => {
  it('has day, second and zone', () => {
    expect(exactTime(after({ seconds: 8 }), 'en')).toMatch(
      /November 21, 2026 at 12:00:08\s\S+/,
    );
  });
});
