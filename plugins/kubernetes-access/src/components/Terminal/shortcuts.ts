/** What the terminal's own keys do; everything else goes to the shell. */
export type Shortcut = 'copy' | 'paste' | 'search' | 'leave';

const KEYS: Record<string, Shortcut> = {
  KeyC: 'copy',
  KeyV: 'paste',
  KeyF: 'search',
  KeyL: 'leave',
};

/** Ctrl+Shift and a letter, also with the Mac's command key; wherever the letter is on the keyboard. */
export function shortcutOf(
  event: Pick<
    KeyboardEvent,
    'type' | 'code' | 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'
  >,
): Shortcut | undefined {
  const isOurs =
    event.type === 'keydown' &&
    (event.ctrlKey || event.metaKey) &&
    event.shiftKey &&
    !event.altKey;
  if (!isOurs) {
    return undefined;
  }
  // The letter on the key, where it is a Latin one; its place where it is not.
  return /^[a-z]$/i.test(event.key)
    ? KEYS[`Key${event.key.toUpperCase()}`]
    : KEYS[event.code];
}
