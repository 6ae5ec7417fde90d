/** Reads an answer of JSON lines while it arrives. */
export async function* readJsonLines<T>(response: Response): AsyncGenerator<T> {
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
      for (const line of lines) {
        yield JSON.parse(line);
      }
      if (done) {
        return;
      }
    }
  } finally {
    // Whoever stops reading wants no more of it.
    await reader.cancel();
  }
}
