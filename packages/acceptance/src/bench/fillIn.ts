/** Between these lines of a document stands what a run of the bench has written there. */
const BEGIN = '<!-- bench: begin -->';
const END = '<!-- bench: end -->';

/**
 * The document with what stands between its markers replaced.
 *
 * @throws Error when it has no markers
 */
export function fillIn(document: string, generated: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(
      `There is no place for the results: it needs a line '${BEGIN}' and, below it, a line '${END}'`,
    );
  }
  return [
    document.slice(0, begin + BEGIN.length),
    generated,
    document.slice(end),
  ].join('\n\n');
}

/** What stands there now. */
export function filledIn(document: string): string {
  return document.slice(
    document.indexOf(BEGIN) + BEGIN.length,
    document.indexOf(END),
  );
}
