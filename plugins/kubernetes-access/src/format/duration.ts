const UNITS = [
  { unit: 'hour', symbol: 'h', seconds: 3600 },
  { unit: 'minute', symbol: 'min', seconds: 60 },
  { unit: 'second', symbol: 's', seconds: 1 },
] as const;

/** `1 hour 30 minutes`. */
export function durationInWords(totalSeconds: number, language: string) {
  const parts = split(totalSeconds).map(({ count, unit }) =>
    inWords(count, unit, language),
  );
  return parts.join(' ') || inWords(0, 'minute', language);
}

/** `1 h 30 min`: short, the same in every language, and what {@link parseDuration} reads. */
export function durationInSymbols(totalSeconds: number): string {
  return split(totalSeconds)
    .map(({ count, symbol }) => `${count} ${symbol}`)
    .join(' ');
}

/** Below this the rest of a time is told in seconds. */
const SECONDS_MATTER_BELOW_MS = 2 * 60 * 1000;

/** What is left of a time, as exactly as it matters: `27 minutes`, `1 hour 5 minutes`, `80 seconds`. */
export function remainingInWords(ms: number, language: string): string {
  if (ms < SECONDS_MATTER_BELOW_MS) {
    return inWords(Math.ceil(ms / 1000), 'second', language);
  }
  return durationInWords(Math.floor(ms / 60_000) * 60, language);
}

function split(totalSeconds: number) {
  let rest = Math.round(totalSeconds);
  return UNITS.map(unit => {
    const count = Math.floor(rest / unit.seconds);
    rest -= count * unit.seconds;
    return { ...unit, count };
  }).filter(({ count }) => count > 0);
}

function inWords(
  count: number,
  unit: 'hour' | 'minute' | 'second',
  language: string,
): string {
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
  }).format(count);
}

/** A number and what it counts: `45`, `45 min`, `1.5h`, `2 hours`. */
const PART = /^\s*(\d+(?:[.,]\d+)?)\s*([a-z]*)\s*/i;

/**
 * Reads a duration that somebody typed: `45` are minutes, `1h 30m`, `1:30` and `90 min` are the same.
 * @returns whole seconds, or undefined when it cannot be read
 */
export function parseDuration(text: string): number | undefined {
  const clock = /^\s*(\d{1,2}):([0-5]\d)\s*$/.exec(text);
  if (clock) {
    return Number(clock[1]) * 3600 + Number(clock[2]) * 60;
  }
  let rest = text;
  let seconds = 0;
  while (rest.trim()) {
    const part = PART.exec(rest);
    const unit = part && secondsOfUnit(part[2]);
    if (!part || !unit) {
      return undefined;
    }
    seconds += Number(part[1].replace(',', '.')) * unit;
    rest = rest.slice(part[0].length);
  }
  return seconds > 0 ? Math.round(seconds) : undefined;
}

function secondsOfUnit(unit: string): number | undefined {
  switch (unit.toLocaleLowerCase('en-US')) {
    case 'h':
    case 'hr':
    case 'hrs':
    case 'hour':
    case 'hours':
      return 3600;
    case '':
    case 'm':
    case 'min':
    case 'mins':
    case 'minute':
    case 'minutes':
      return 60;
    case 's':
    case 'sec':
    case 'secs':
    case 'second':
    case 'seconds':
      return 1;
    default:
      return undefined;
  }
}
