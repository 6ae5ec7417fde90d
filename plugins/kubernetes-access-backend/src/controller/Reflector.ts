import type { LoggerService } from '@backstage/backend-plugin-api';
import { Backoff } from './Backoff';
import type { Cancel, Clock } from './Clock';

/** The API server closes a watch after this long; at random, so that not all close together. */
const WATCH_SECONDS = { min: 240, max: 300 };
/**
 * A watch on which nothing was heard for this long is dead: longer than any watch lasts, so that only a connection
 * that was lost without a word gets here.
 */
const INACTIVITY_MS = (WATCH_SECONDS.max + 30) * 1000;
/** After a failure: soon at first, then seldom enough for an API server that is in trouble. */
const RETRY = { initialMs: 500, maxMs: 30_000, factor: 2, jitter: 1 };
/** A watch that held this long was healthy: what fails next fails for the first time. */
const HEALTHY_MS = 10_000;
/** The HTTP status of a resource version that the API server no longer has. */
const GONE = 410;

interface Watched {
  metadata: { name: string; namespace?: string; resourceVersion?: string };
}

/** What a reflector needs of a client of the API server. */
export interface WatchClient {
  list<T extends Watched>(
    path: string,
    selection?: Selection,
    options?: { signal?: AbortSignal },
  ): Promise<{ items: T[]; metadata: { resourceVersion?: string } }>;
  watch<T extends Watched>(
    path: string,
    query: Selection & { resourceVersion: string; timeoutSeconds: number },
    signal: AbortSignal,
  ): AsyncIterable<{ type: string; object: T }>;
}

interface Selection {
  labelSelector?: string;
  fieldSelector?: string;
}

export interface ReflectorOptions<T extends Watched> {
  client: WatchClient;
  /** The collection, as in the API server's URLs. */
  path: string;
  selection?: Selection;
  clock: Clock;
  logger: LoggerService;
  random?: () => number;
  onAdd?: (object: T) => void;
  onUpdate?: (object: T, before: T) => void;
  /** Gets the last that was known. */
  onDelete?: (object: T) => void;
}

/**
 * Keeps a copy of a collection of the API server and tells what changes in it.
 *
 * It lists once and watches from there. When the watch ends, which is normal, it watches again from the last version
 * that it heard of; when that version is gone it lists again and works out what changed. Nothing but `stop` ends it.
 */
export class Reflector<T extends Watched> {
  readonly #options: ReflectorOptions<T>;
  readonly #objects = new Map<string, T>();
  readonly #backoff: Backoff;
  readonly #abort = new AbortController();
  #version: string | undefined;
  #loop: Promise<void> | undefined;
  #markSynced: () => void = () => {};
  readonly #synced = new Promise<void>(resolve => {
    this.#markSynced = resolve;
  });

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#backoff = new Backoff({
      ...RETRY,
      random: options.random ?? Math.random,
    });
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#loop;
  }

  /** Resolves when the collection has been read for the first time. */
  async synced(): Promise<void> {
    return this.#synced;
  }

  get(name: string, namespace?: string): T | undefined {
    return this.#objects.get(keyOf({ metadata: { name, namespace } }));
  }

  list(): T[] {
    return [...this.#objects.values()];
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#abort.signal.aborted) {
      const startedAt = clock.monotonic();
      try {
        if (this.#version === undefined) {
          await this.#relist();
        }
        await this.#watch();
        this.#backoff.reset();
      } catch (error) {
        if (clock.monotonic() - startedAt > HEALTHY_MS) {
          this.#backoff.reset();
        }
        await this.#recover(error);
      }
    }
  }

  async #relist(): Promise<void> {
    const { client, path, selection } = this.#options;
    const { items, metadata } = await client.list<T>(path, selection, {
      signal: this.#abort.signal,
    });
    const listed = new Set(items.map(keyOf));
    for (const [key, object] of this.#objects) {
      if (!listed.has(key)) {
        this.#remove(object);
      }
    }
    items.forEach(item => this.#put(item));
    this.#version = metadata.resourceVersion;
    this.#markSynced();
  }

  async #watch(): Promise<void> {
    const { client, path, selection } = this.#options;
    const inactivity = this.#guardInactivity();
    try {
      const events = client.watch<T>(
        path,
        {
          ...selection,
          resourceVersion: this.#version ?? '',
          timeoutSeconds: this.#watchSeconds(),
        },
        AbortSignal.any([this.#abort.signal, inactivity.signal]),
      );
      for await (const event of events) {
        inactivity.reset();
        this.#apply(event);
      }
    } finally {
      inactivity.cancel();
    }
  }

  #apply({ type, object }: { type: string; object: T }): void {
    this.#version = object.metadata.resourceVersion ?? this.#version;
    if (type === 'DELETED') {
      this.#remove(object);
    } else if (type !== 'BOOKMARK') {
      this.#put(object);
    }
  }

  #put(object: T): void {
    const before = this.#objects.get(keyOf(object));
    this.#objects.set(keyOf(object), object);
    if (!before) {
      this.#options.onAdd?.(object);
    } else if (
      before.metadata.resourceVersion !== object.metadata.resourceVersion
    ) {
      this.#options.onUpdate?.(object, before);
    }
  }

  #remove(object: T): void {
    if (this.#objects.delete(keyOf(object))) {
      this.#options.onDelete?.(object);
    }
  }

  async #recover(error: unknown): Promise<void> {
    const { logger, path } = this.#options;
    if (this.#abort.signal.aborted) {
      return;
    }
    if (isGone(error)) {
      // Ordinary after a quiet time: the version is forgotten and the collection read again.
      logger.debug(`The watch of ${path} has to begin anew`);
      this.#version = undefined;
    } else {
      logger.warn(
        `The watch of ${path} broke off, trying again: ${
          error instanceof Error ? error.message : error
        }`,
      );
    }
    await this.#pause(this.#backoff.next());
  }

  #pause(delayMs: number): Promise<void> {
    const { signal } = this.#abort;
    return new Promise(resolve => {
      const finish = () => {
        signal.removeEventListener('abort', finish);
        cancel();
        resolve();
      };
      const cancel = this.#options.clock.schedule(delayMs, finish);
      signal.addEventListener('abort', finish);
    });
  }

  #watchSeconds(): number {
    const { random = Math.random } = this.#options;
    const { min, max } = WATCH_SECONDS;
    return Math.round(min + (max - min) * random());
  }

  /** Aborts when nothing was heard for too long. */
  #guardInactivity() {
    const silence = new AbortController();
    const arm = (): Cancel =>
      this.#options.clock.schedule(INACTIVITY_MS, () =>
        silence.abort(new Error(`Nothing was heard for ${INACTIVITY_MS} ms`)),
      );
    let cancel = arm();
    return {
      signal: silence.signal,
      reset: () => {
        cancel();
        cancel = arm();
      },
      cancel: () => cancel(),
    };
  }
}

function keyOf({ metadata }: Watched): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function isGone(error: unknown): boolean {
  return (error as { status?: unknown } | undefined)?.status === GONE;
}
