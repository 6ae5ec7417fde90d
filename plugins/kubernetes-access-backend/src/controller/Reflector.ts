import { once } from 'node:events';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { Backoff } from './Backoff';
import type { Clock } from './Clock';
import { SilenceAlarm } from './SilenceAlarm';

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
/**
 * A watch that ends sooner than this was not meant to: something between us and the API server closes it, and would
 * do so again as often as we open it.
 */
const SHORT_WATCH_MS = 1_000;
/** The HTTP status of a resource version that the API server no longer has. */
const GONE = 410;
/** The HTTP status of an API server that is overloaded and needs no list on top. */
const TOO_MANY_REQUESTS = 429;

interface Watched {
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
  };
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
 * It lists once and watches from there. When the watch ends, which is normal, or the connection breaks, it watches
 * again from the last version that it heard of; when the API server refuses that, be it because the version is gone,
 * it lists again and works out what changed. Nothing but `stop` ends it.
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

  /** Resolves when the collection has been read for the first time, or never when it is stopped before. */
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
      const isFine = await this.#listAndWatch();
      const lasted = clock.monotonic() - startedAt;
      if (lasted >= HEALTHY_MS) {
        this.#backoff.reset();
      }
      if (!isFine || lasted < SHORT_WATCH_MS) {
        await this.#pause(this.#backoff.next());
      }
    }
  }

  /** Whether it ended because the API server closed the watch, which is normal. Never rejects. */
  async #listAndWatch(): Promise<boolean> {
    try {
      if (this.#version === undefined) {
        await this.#relist();
      }
      await this.#watch();
      return true;
    } catch (error) {
      this.#noteProblem(error);
      return false;
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
    const silence = new SilenceAlarm(this.#options.clock, INACTIVITY_MS);
    try {
      const events = client.watch<T>(
        path,
        {
          ...selection,
          resourceVersion: this.#version ?? '',
          timeoutSeconds: this.#watchSeconds(),
        },
        AbortSignal.any([this.#abort.signal, silence.signal]),
      );
      for await (const event of events) {
        silence.heard();
        this.#apply(event);
      }
    } finally {
      silence.cancel();
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
    const key = keyOf(object);
    const known = this.#objects.get(key);
    if (known && known.metadata.uid !== object.metadata.uid) {
      // Deleted and made anew under the same name while nobody watched.
      this.#remove(known);
    }
    const before = this.#objects.get(key);
    this.#objects.set(key, object);
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

  #noteProblem(error: unknown): void {
    const { logger, path } = this.#options;
    if (this.#abort.signal.aborted) {
      return;
    }
    const status = statusOf(error);
    if (status !== undefined && status !== TOO_MANY_REQUESTS) {
      // Whatever the API server has against this version, a new list gets past it.
      this.#version = undefined;
    }
    if (status === GONE) {
      // Ordinary after a quiet time.
      logger.debug(`The watch of ${path} has to begin anew`);
    } else {
      logger.warn(
        `The watch of ${path} broke off, trying again: ${
          error instanceof Error ? error.message : error
        }`,
      );
    }
  }

  /** Ends early when the reflector is stopped. */
  async #pause(delayMs: number): Promise<void> {
    const { signal } = this.#abort;
    if (signal.aborted) {
      return;
    }
    const over = new AbortController();
    const cancel = this.#options.clock.schedule(delayMs, () => over.abort());
    await once(AbortSignal.any([signal, over.signal]), 'abort');
    cancel();
  }

  #watchSeconds(): number {
    const { random = Math.random } = this.#options;
    const { min, max } = WATCH_SECONDS;
    return Math.round(min + (max - min) * random());
  }
}

function keyOf({ metadata }: Watched): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

/** The HTTP status with which the API server refused a call, if that is what the error says. */
function statusOf(error: unknown): number | undefined {
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' ? status : undefined;
}
