import {
  durationInSymbols,
  durationInWords,
  parseDuration,
  remainingInWords,
} from './duration';

describe('durationInWords', () => {
  it.each([
    [900, '15 minutes'],
    [3600, '1 hour'],
    [5400, '1 hour 30 minutes'],
    [30, '30 seconds'],
    [0, '0 minutes'],
  ])('tells %d seconds as %s', (seconds, words) => {
    expect(durationInWords(seconds, 'en')).toBe(words);
  });

  it('speaks the language of the app', () => {
    expect(durationInWords(5400, 'de')).toBe('1 Stunde 30 Minuten');
  });
});

describe('remainingInWords', () => {
  it.each([
    [27 * 60_000 + 59_000, '27 minutes'],
    [65 * 60_000, '1 hour 5 minutes'],
    [80_000, '80 seconds'],
    [500, '1 second'],
    [0, '0 seconds'],
  ])('tells %d ms as %s', (ms, words) => {
    expect(remainingInWords(ms, 'en')).toBe(words);
  });
});

describe('durationInSymbols', () => {
  it.each([
    [900, '15 min'],
    [3600, '1 h'],
    [5405, '1 h 30 min 5 s'],
  ])('writes %d seconds in a way that can be read again', (seconds, text) => {
    expect(durationInSymbols(seconds)).toBe(text);
    expect(parseDuration(text)).toBe(seconds);
  });
});

describe('parseDuration', () => {
  it.each([
    ['45', 2700],
    ['45 min', 2700],
    ['45m', 2700],
    ['1h 30m', 5400],
    ['1h30', 5400],
    ['1:30', 5400],
    ['1.5 h', 5400],
    ['1,5 h', 5400],
    ['2 hours', 7200],
    ['90 Minutes', 5400],
    ['30 s', 30],
  ])('reads %p', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', '  ', 'soon', '0', '5 parsecs', '-5', '1:75', '1h and a bit'])(
    'does not guess what %p means',
    text => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});
