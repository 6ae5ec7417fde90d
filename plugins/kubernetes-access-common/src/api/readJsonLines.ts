/** Reads an answer of JSON lines while it arrives. */
export async function* readJsonLines<T>(response: Response): AsyncGenerator<T> {
  for await (const line of readLines(response)) {
    yield JSON.parse(line);
  }
}

/** Reads an answer line by line while it arrives. What is behind the last line break is not a line. */
export async function* readLines(response: Response): AsyncGenerator<string> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const lines = (rest + decoder.decode(value, { stream: !done })).split(
        '\n',
      );
      rest = lines.pop()!;
      yield* lines;
      if (done) {
        return;
      }
    }
  } finally {
    // Whoever stops reading wants no more of it.
    await reader.cancel();
  }
}
