import { DateTime } from 'luxon';

/** Clocks differ by a little; what happened within this is now. */
const NOW_MS = 10_000;

/** `now`, `4 minutes ago`, `in 2 hours`. */
export function relativeTime(at: string, now: Date, language: string): string {
  const instant = DateTime.fromISO(at);
  if (Math.abs(instant.toMillis() - now.getTime()) < NOW_MS) {
    return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(
      0,
      'second',
    );
  }
  return (
    instant.toRelative({ base: DateTime.fromJSDate(now), locale: language }) ??
    at
  );
}

/** The exact instant in the reader's zone: `21 November 2026 at 14:32:08 CET`. */
export function exactTime(at: string, language: string): string {
  return DateTime.fromISO(at)
    .setLocale(language)
    .toLocaleString({
      ...DateTime.DATETIME_FULL_WITH_SECONDS,
      hourCycle: 'h23',
    });
}

/** `14:32`, with the day when it is not today's. */
export function timeOfDay(at: string, now: Date, language: string): string {
  const instant = DateTime.fromISO(at);
  const isToday = instant.hasSame(DateTime.fromJSDate(now), 'day');
  return instant.setLocale(language).toLocaleString({
    ...(isToday ? {} : { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}
