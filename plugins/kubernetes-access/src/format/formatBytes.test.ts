import { formatBytes } from './formatBytes';

describe('formatBytes', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [18_732, '18.7 kB'],
    [5_400_000, '5.4 MB'],
    [7_000_000_000_000, '7,000 GB'],
  ])('tells %d as %s', (bytes, text) => {
    expect(formatBytes(bytes, 'en')).toBe(text);
  });
});
