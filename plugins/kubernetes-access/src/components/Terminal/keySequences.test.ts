import { sequenceOf, withControl } from './keySequences';

describe('the keys on the screen', () => {
  it('send what the keys of a keyboard send', () => {
    expect(sequenceOf('Escape', false)).toBe('\x1b');
    expect(sequenceOf('Tab', false)).toBe('\t');
    expect(sequenceOf('ArrowUp', false)).toBe('\x1b[A');
    expect(sequenceOf('|', false)).toBe('|');
  });

  it('send the arrows that a program asks for', () => {
    expect(sequenceOf('ArrowLeft', true)).toBe('\x1bOD');
  });

  it('make a control character of the next one, and nothing of what has none', () => {
    expect(withControl('c')).toBe('\x03');
    expect(withControl('[')).toBe('\x1b');
    expect(withControl(' ')).toBe('\0');
    expect(withControl('1')).toBe('1');
    expect(withControl('pasted')).toBe('pasted');
  });
});
