/** Told of whatever the user does in this page; signals of other people's doings come from the back end. */
const changes = new EventTarget();
const CHANGED = 'changed';

/** Says that the user has changed something, so that everything on the page looks again at once. */
export function announceChange(): void {
  changes.dispatchEvent(new Event(CHANGED));
}

/** @returns how to stop listening */
export function onChange(listener: () => void): () => void {
  changes.addEventListener(CHANGED, listener);
  return () => changes.removeEventListener(CHANGED, listener);
}
