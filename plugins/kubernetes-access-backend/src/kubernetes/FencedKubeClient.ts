import { NotLeadingError } from './errors';
import type {
  CallOptions,
  KubeClient,
  KubeList,
  KubeObject,
  PatchKind,
  Selection,
  WatchEvent,
} from './types';

/** How long a call takes that is not told otherwise. */
const DEFAULT_TIMEOUT_MS = 15_000;

/** Tells by the monotonic clock whether this process is the one that may write. */
export interface Fence {
  /** For how many milliseconds it may still write; 0 when it may not. */
  readonly leftMs: number;
}

/**
 * A client whose writes are refused, in the moment in which they would be sent, when this process is not the one that
 * looks after the cluster. A write is given up before somebody else may begin to write.
 */
export class FencedKubeClient implements KubeClient {
  readonly #client: KubeClient;
  readonly #fence: Fence;

  constructor(client: KubeClient, fence: Fence) {
    this.#client = client;
    this.#fence = fence;
  }

  async ping(options: { timeoutMs: number }): Promise<void> {
    await this.#client.ping(options);
  }

  async get<T extends KubeObject>(
    path: string,
    options?: CallOptions,
  ): Promise<T> {
    return this.#client.get<T>(path, options);
  }

  async list<T extends KubeObject>(
    path: string,
    selection?: Selection,
    options?: CallOptions,
  ): Promise<KubeList<T>> {
    return this.#client.list<T>(path, selection, options);
  }

  watch<T extends KubeObject>(
    path: string,
    query: Selection & { resourceVersion: string; timeoutSeconds: number },
    signal: AbortSignal,
  ): AsyncIterable<WatchEvent<T>> {
    return this.#client.watch<T>(path, query, signal);
  }

  async create<T>(
    path: string,
    body: object,
    options?: CallOptions,
  ): Promise<T> {
    return this.#client.create<T>(
      path,
      body,
      this.#pass('create', path, options),
    );
  }

  async replace<T>(
    path: string,
    body: object,
    options?: CallOptions,
  ): Promise<T> {
    return this.#client.replace<T>(
      path,
      body,
      this.#pass('replace', path, options),
    );
  }

  async patch<T>(
    path: string,
    kind: PatchKind,
    body: object,
    options?: CallOptions,
  ): Promise<T> {
    return this.#client.patch<T>(
      path,
      kind,
      body,
      this.#pass('patch', path, options),
    );
  }

  async delete(
    path: string,
    options?: CallOptions & { uid?: string },
  ): Promise<void> {
    await this.#client.delete(path, this.#pass('delete', path, options));
  }

  /** @throws NotLeadingError */
  #pass<T extends CallOptions>(
    verb: string,
    path: string,
    options: T | undefined,
  ): T & CallOptions {
    const { leftMs } = this.#fence;
    if (leftMs <= 0) {
      throw new NotLeadingError(
        `Did not ${verb} ${path}: this process does not look after the cluster any more`,
      );
    }
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = options ?? {};
    return {
      ...(options as T),
      timeoutMs: Math.ceil(Math.min(timeoutMs, leftMs)),
    };
  }
}
