/** Keys that a phone's keyboard does not have. */
export type TouchKey =
  | 'Escape'
  | 'Tab'
  | 'ArrowUp'
  | 'ArrowDown'
  | 'ArrowLeft'
  | 'ArrowRight'
  | '|'
  | '/'
  | '-'
  | '~';

const ARROWS: Partial<Record<TouchKey, string>> = {
  ArrowUp: 'A',
  ArrowDown: 'B',
  ArrowRight: 'C',
  ArrowLeft: 'D',
};

/** What a terminal sends for a key. Programs that fill the screen may ask for other arrows. */
export function sequenceOf(
  key: TouchKey,
  hasApplicationCursor: boolean,
): string {
  const arrow = ARROWS[key];
  if (arrow) {
    return `\x1b${hasApplicationCursor ? 'O' : '['}${arrow}`;
  }
  switch (key) {
    case 'Escape':
      return '\x1b';
    case 'Tab':
      return '\t';
    default:
      return key;
  }
}

/** What Ctrl makes of the next key: Ctrl+C for `c`. What has no such form stays as it is. */
export function withControl(text: string): string {
  const code = text.length === 1 ? text.toUpperCase().charCodeAt(0) : 0;
  if (code === 32) {
    return '\0';
  }
  return code >= 0x40 && code <= 0x5f ? String.fromCharCode(code - 64) : text;
}
