import { filledIn, fillIn } from './fillIn';

const DOCUMENT =
  'Before.\n\n<!-- bench: begin -->\n\nold\n\n<!-- bench: end -->\n\nAfter.\n';

describe('fillIn', () => {
  it('replaces what stands between the markers and nothing else', () => {
    const filled = fillIn(DOCUMENT, 'new');
    expect(filled).toBe(DOCUMENT.replace('old', 'new'));
    expect(filledIn(filled).trim()).toBe('new');
  });

  it('says what is missing where there is no place for it', () => {
    expect(() => fillIn('Nothing here.', 'new')).toThrow('bench: begin');
  });
});
