import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { apiErrorFrom, KubeApiError, KubeConnectionError } from './errors';
import type { Endpoint } from './kubeConfig';
import { readWatchEvents } from './readWatchEvents';
import type {
  CallOptions,
  KubeClient,
  KubeList,
  KubeObject,
  PatchKind,
  Selection,
  WatchEvent,
} from './types';

const DEFAULT_TIMEOUT_MS = 15_000;
/** An API server answers a watch at once and is silent only afterwards. */
const WATCH_ANSWER_MS = 30_000;
/** A page of this size takes the API server about 30 ms. */
const PAGE_SIZE = 500;
/** Enough to keep a dozen reconciles busy; a watch holds one connection for minutes and has a pool of its own. */
const CONNECTIONS = 16;
const WATCH_CONNECTIONS = 2048;
/** Several pings may be on their way to an API server that is slow. */
const PING_CONNECTIONS = 8;

/** Well below the 90 s after which an API server closes a connection that is not used. */
const KEEP_ALIVE_MS = 30_000;

const PATCH_TYPES: Record<PatchKind, string> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
};

type Lane = NonNullable<CallOptions['lane']> | 'watch' | 'ping';

interface Call {
  method: Dispatcher.HttpMethod;
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: object;
  contentType?: string;
  options?: CallOptions;
}

/** Calls an API server over kept-alive connections. */
export class HttpKubeClient implements KubeClient {
  readonly #endpoint: Endpoint;
  readonly #pools: Record<Lane, Pool>;
  readonly #prefix: string;
  readonly #onConnectionError: () => void;

  constructor(options: {
    endpoint: Endpoint;
    /** Called whenever the API server could not be reached or broke off. */
    onConnectionError?: () => void;
  }) {
    this.#endpoint = options.endpoint;
    this.#onConnectionError = options.onConnectionError ?? (() => {});
    const { origin, pathname } = new URL(options.endpoint.server);
    this.#prefix = pathname.replace(/\/+$/, '');
    const pool = (connections: number) =>
      new Pool(origin, {
        connections,
        connect: options.endpoint.tls,
        keepAliveTimeout: KEEP_ALIVE_MS,
      });
    this.#pools = {
      default: pool(CONNECTIONS),
      removal: pool(CONNECTIONS),
      lease: pool(1),
      watch: pool(WATCH_CONNECTIONS),
      ping: pool(PING_CONNECTIONS),
    };
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#pools).map(pool => pool.destroy()));
  }

  async ping({ timeoutMs }: { timeoutMs: number }): Promise<void> {
    const call: Call = { method: 'GET', path: '/livez' };
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const { body } = await this.#send(call, 'ping', signal);
      await body.dump();
    } catch (error) {
      throw this.#errorOf(call, error);
    }
  }

  async get<T extends KubeObject>(
    path: string,
    options?: CallOptions,
  ): Promise<T> {
    return this.#call<T>({ method: 'GET', path, options });
  }

  /** Reads anything that is not an object, such as `/version`. */
  async getJson<T>(path: string, options?: CallOptions): Promise<T> {
    return this.#call<T>({ method: 'GET', path, options });
  }

  async list<T extends KubeObject>(
    path: string,
    selection: Selection = {},
    options?: CallOptions,
  ): Promise<KubeList<T>> {
    const items: T[] = [];
    let page: KubeList<T> | undefined;
    do {
      page = await this.#call<KubeList<T>>({
        method: 'GET',
        path,
        query: {
          ...selection,
          limit: PAGE_SIZE,
          continue: page?.metadata.continue,
        },
        options,
      });
      items.push(...page.items);
    } while (page.metadata.continue);
    return { items, metadata: page.metadata };
  }

  async create<T>(
    path: string,
    body: object,
    options?: CallOptions,
  ): Promise<T> {
    return this.#call<T>({ method: 'POST', path, body, options });
  }

  async replace<T>(
    path: string,
    body: object,
    options?: CallOptions,
  ): Promise<T> {
    return this.#call<T>({ method: 'PUT', path, body, options });
  }

  async patch<T>(
    path: string,
    kind: PatchKind,
    body: object,
    options?: CallOptions,
  ): Promise<T> {
    return this.#call<T>({
      method: 'PATCH',
      path,
      body,
      contentType: PATCH_TYPES[kind],
      options,
    });
  }

  async delete(
    path: string,
    options: CallOptions & { uid?: string } = {},
  ): Promise<void> {
    const { uid } = options;
    await this.#call({
      method: 'DELETE',
      path,
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        ...(uid ? { preconditions: { uid } } : {}),
      },
      options,
    });
  }

  async *watch<T extends KubeObject>(
    path: string,
    query: Selection & { resourceVersion: string; timeoutSeconds: number },
    signal: AbortSignal,
  ): AsyncIterable<WatchEvent<T>> {
    const call: Call = {
      method: 'GET',
      path,
      query: { ...query, watch: true, allowWatchBookmarks: true },
    };
    try {
      const { statusCode, body } = await this.#send(call, 'watch', signal);
      if (statusCode !== 200) {
        throw apiErrorFrom(describe(call), statusCode, await body.text());
      }
      yield* readWatchEvents<T>(body, describe(call));
    } catch (error) {
      throw this.#errorOf(call, error, signal);
    }
  }

  async #call<T>(call: Call): Promise<T> {
    const {
      timeoutMs = DEFAULT_TIMEOUT_MS,
      lane = 'default',
      signal,
    } = call.options ?? {};
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const { statusCode, body } = await this.#send(
        call,
        lane,
        signal ? AbortSignal.any([signal, timeout]) : timeout,
      );
      const text = await body.text();
      if (statusCode >= 300) {
        throw apiErrorFrom(describe(call), statusCode, text);
      }
      return JSON.parse(text) as T;
    } catch (error) {
      const cause = timeout.aborted
        ? new Error(`no answer after ${timeoutMs} ms`)
        : error;
      throw this.#errorOf(call, cause, signal);
    }
  }

  async #send(
    call: Call,
    lane: Lane,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const headers: Record<string, string> = {
      accept: 'application/json',
      'user-agent': 'kubernetes-access',
      ...(await this.#endpoint.authorize()),
    };
    if (call.body) {
      headers['content-type'] = call.contentType ?? 'application/json';
    }
    return this.#pools[lane].request({
      method: call.method,
      path: this.#prefix + call.path,
      query: withoutUnset(call.query),
      headers,
      body: call.body && JSON.stringify(call.body),
      signal,
      // The signal ends a call that takes too long; a watch may be silent for minutes.
      headersTimeout: lane === 'watch' ? WATCH_ANSWER_MS : 0,
      bodyTimeout: 0,
    });
  }

  /**
   * The error that callers get. Tells of one that is the connection's fault, which it is not when the caller gave up.
   *
   * @param signal - the caller's
   */
  #errorOf(call: Call, error: unknown, signal?: AbortSignal): Error {
    if (error instanceof KubeApiError) {
      return error;
    }
    if (!signal?.aborted) {
      this.#onConnectionError();
    }
    const message = error instanceof Error ? error.message : String(error);
    return new KubeConnectionError(`${describe(call)}: ${message}`, {
      cause: error,
    });
  }
}

function describe({ method, path }: Call): string {
  return `${method} ${path}`;
}

function withoutUnset(query: Call['query'] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([key, value]) => [key, String(value)]),
  );
}
