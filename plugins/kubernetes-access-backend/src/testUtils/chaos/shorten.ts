/**
 * Leaves out of a failing sequence what it does not need in order to fail (delta debugging): halves first, then ever
 * smaller parts.
 *
 * @param fails - whether a sequence fails
 * @param mayTry - asked before each try, so that somebody can end it
 */
export async function shorten<T>(
  sequence: readonly T[],
  fails: (candidate: readonly T[]) => Promise<boolean>,
  mayTry: () => boolean = () => true,
): Promise<readonly T[]> {
  let shortest = sequence;
  let size = Math.ceil(shortest.length / 2);
  while (size >= 1 && shortest.length > 1) {
    let isShorter = false;
    for (let from = shortest.length - size; from > -size; from -= size) {
      const candidate = [
        ...shortest.slice(0, Math.max(0, from)),
        ...shortest.slice(from + size),
      ];
      if (candidate.length === 0) {
        continue;
      }
      if (!mayTry()) {
        return shortest;
      }
      if (await fails(candidate)) {
        shortest = candidate;
        isShorter = true;
      }
    }
    if (size === 1 && !isShorter) {
      break;
    }
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return shortest;
}
