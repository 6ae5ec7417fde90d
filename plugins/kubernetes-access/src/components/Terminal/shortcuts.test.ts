import { shortcutOf } from './shortcuts';

function press(key: string, held: Partial<KeyboardEvent> = {}) {
  return shortcutOf({
    type: 'keydown',
    key,
    code: `Key${key.toUpperCase()}`,
    ctrlKey: true,
    shiftKey: true,
    metaKey: false,
    altKey: false,
    ...held,
  });
}

describe('the keys of the terminal itself', () => {
  it('are Ctrl+Shift and a letter', () => {
    expect(press('C')).toBe('copy');
    expect(press('V')).toBe('paste');
    expect(press('F')).toBe('search');
    expect(press('L')).toBe('leave');
  });

  it('are found by the letter, and by the place of the key where the letter is not Latin', () => {
    expect(press('C', { code: 'KeyJ' })).toBe('copy');
    expect(press('с', { code: 'KeyC' })).toBe('copy');
  });

  it('leave everything else to the shell', () => {
    expect(press('c', { shiftKey: false })).toBeUndefined();
    expect(press('C', { ctrlKey: false })).toBeUndefined();
    expect(press('C', { altKey: true })).toBeUndefined();
    expect(press('C', { type: 'keyup' })).toBeUndefined();
    expect(press('K')).toBeUndefined();
  });
});
