/** What was said when something was refused. Fails when it was not refused. */
export async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  const outcome = await attempt.then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (outcome === undefined) {
    throw new Error('expected a refusal, but it was done');
  }
  return outcome;
}
