import { KubeApiError } from './errors';
import type { KubeObject, WatchEvent } from './types';

/** No object of Kubernetes comes near it (etcd takes 1.5 MiB); more is not a line that ends. */
const MAX_LINE_CHARACTERS = 16 * 1024 * 1024;

interface ErrorStatus {
  code?: number;
  reason?: string;
  message?: string;
}

/**
 * Reads the events of a watch: JSON objects, one a line.
 *
 * @param what - the call, for errors
 * @throws KubeApiError for an event of type ERROR, such as 410 when the version is too old
 */
export async function* readWatchEvents<T extends KubeObject>(
  body: AsyncIterable<Uint8Array>,
  what: string,
): AsyncGenerator<WatchEvent<T>> {
  for await (const line of readLines(body)) {
    const event = JSON.parse(line) as WatchEvent<T>;
    if (event.type === 'ERROR') {
      const { code, reason, message } = event.object as ErrorStatus;
      throw new KubeApiError({
        status: code ?? 500,
        reason,
        message: `${what}: ${message ?? 'the watch failed'}`,
      });
    }
    yield event;
  }
}

async function* readLines(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_CHARACTERS) {
      throw new Error('A line of the watch does not end');
    }
    yield* lines.filter(line => line !== '');
  }
}
