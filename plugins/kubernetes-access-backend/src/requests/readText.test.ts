import { readText } from './readText';

describe('a text that others judge by', () => {
  it.each([
    ['  The queue is stuck.  ', 'The queue is stuck.'],
    ['Line\r\nbreaks\rof any\nkind', 'Line\nbreaks\nof any\nkind'],
    ['Tab\tand ünïcödé, 日本語, 👩‍💻', 'Tab\tand ünïcödé, 日本語, 👩‍💻'],
    ['half a \ud83d character', 'half a \ufffd character'],
    ['', ''],
  ])('%j is kept as %j', (text, kept) => {
    expect(readText('reason', text)).toBe(kept);
  });

  it.each([
    ['the end of a string', 'a\u0000b'],
    ['colours of a terminal', '\u001b[31mred'],
    ['a bell', 'a\u0007b'],
    ['text from right to left', 'deny \u202eevorppa'],
    ['isolated directions', '\u2066x\u2069 y'],
    ['a delete', 'a\u007fb'],
    ['control characters of the second kind', 'a\u009bb'],
  ])('%s is refused', (_, text) => {
    expect(() => readText('reason', text)).toThrow(
      'The reason contains control characters',
    );
  });
});
