import { InputError } from '@backstage/errors';

/**
 * What must not stand in a text that others judge by: control characters, which a terminal or a log would obey, and
 * marks that turn the direction of writing, which make a text read as another. Line breaks and tabs may stand.
 */
const HIDDEN = /[^\P{Cc}\n\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]/u;

/**
 * A text as it is kept: trimmed, with line breaks of one kind and whole characters only.
 *
 * @param field - what the caller calls it
 * @throws InputError when it contains what nobody could see
 */
export function readText(field: string, text: string): string {
  // Half a character would come back from the cluster as another one, and look like tampering.
  const whole = Buffer.from(text.replace(/\r\n?/g, '\n').trim(), 'utf8');
  const read = whole.toString('utf8');
  if (HIDDEN.test(read)) {
    throw new InputError(
      `The ${field} contains control characters or marks that change the direction of writing; write it as plain text`,
    );
  }
  return read;
}
