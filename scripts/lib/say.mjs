const began = Date.now();

/** How long this run has taken so far, for example ` 12 s`. */
const elapsed = () =>
  `${Math.round((Date.now() - began) / 1000)} s`.padStart(6);

/** One line of progress. */
export function say(line) {
  console.log(`[${elapsed()}] ${line}`);
}

/** Says from time to time what is being waited for, so that a long step is not mistaken for a hang. */
export async function sayWhileWaiting(what, promise, everyMs = 15_000) {
  const ticker = setInterval(() => say(`waiting for ${what} …`), everyMs);
  try {
    return await promise;
  } finally {
    clearInterval(ticker);
  }
}
