import type {
  CallOptions,
  KubeClient,
  KubeList,
  KubeObject,
  PatchKind,
  Selection,
  WatchEvent,
} from '../kubernetes';
import { KubeApiError } from '../kubernetes';

type Json = Record<string, unknown>;

/** One call that changed something or tried to. */
export interface RecordedWrite {
  verb: 'create' | 'replace' | 'patch' | 'delete';
  path: string;
}

/**
 * Keeps objects in memory and treats them as an API server does in what the back end relies on: UIDs, resource
 * versions and their conflicts, finalizers, label selectors by equality, sub-resources.
 */
export class FakeKubeClient implements KubeClient {
  readonly objects = new Map<string, KubeObject>();
  readonly writes: RecordedWrite[] = [];
  #version = 0;
  #refusals: Array<{ verb: string; path: RegExp; error: Error }> = [];

  /** Makes calls fail until the returned function is called. */
  refuse(verb: string, path: RegExp, error: Error): () => void {
    const refusal = { verb, path, error };
    this.#refusals.push(refusal);
    return () => {
      this.#refusals = this.#refusals.filter(other => other !== refusal);
    };
  }

  /** Puts an object there as somebody else would. */
  put<T extends KubeObject>(collection: string, object: T): T {
    return this.#store(`${collection}/${object.metadata.name}`, {
      ...object,
      metadata: {
        uid: `uid-${++this.#version}`,
        ...object.metadata,
      },
    });
  }

  /** The paths of all objects, sorted. */
  paths(part: string = ''): string[] {
    return [...this.objects.keys()].filter(path => path.includes(part)).sort();
  }

  /** Answers; a test may make it silent. */
  ping: KubeClient['ping'] = async () => {};

  async get<T extends KubeObject>(path: string): Promise<T> {
    this.#refuseIfTold('get', path);
    return this.#require<T>(path);
  }

  async list<T extends KubeObject>(
    path: string,
    selection: Selection = {},
  ): Promise<KubeList<T>> {
    this.#refuseIfTold('list', path);
    const items = [...this.objects.entries()]
      .filter(
        ([key, object]) =>
          key.slice(0, key.lastIndexOf('/')) === path &&
          matches(object, selection.labelSelector),
      )
      .map(([, object]) => structuredClone(object) as T);
    return { items, metadata: { resourceVersion: String(this.#version) } };
  }

  async create<T>(path: string, body: object): Promise<T> {
    this.writes.push({ verb: 'create', path });
    this.#refuseIfTold('create', path);
    const object = structuredClone(body) as KubeObject;
    const key = `${path}/${object.metadata?.name}`;
    if (path.endsWith('/token')) {
      return this.#mint(path) as T;
    }
    if (this.objects.has(key)) {
      throw apiError(409, 'AlreadyExists', `${key} already exists`);
    }
    const { status: _, ...rest } = object as KubeObject & { status?: unknown };
    return this.#store(key, {
      ...rest,
      metadata: {
        ...object.metadata,
        uid: `uid-${++this.#version}`,
        generation: 1,
      },
    }) as T;
  }

  async replace<T>(path: string, body: object): Promise<T> {
    this.writes.push({ verb: 'replace', path });
    this.#refuseIfTold('replace', path);
    const object = structuredClone(body) as KubeObject;
    const current = this.#require(path);
    demandVersion(current, object);
    return this.#store(path, {
      ...object,
      metadata: { ...object.metadata, uid: current.metadata.uid },
    }) as T;
  }

  async patch<T>(path: string, kind: PatchKind, body: object): Promise<T> {
    this.writes.push({ verb: 'patch', path });
    this.#refuseIfTold('patch', path);
    if (kind !== 'merge') {
      throw new Error('The fake API server knows merge patches only');
    }
    const isStatus = path.endsWith('/status');
    const key = isStatus ? path.slice(0, -'/status'.length) : path;
    const current = this.#require(key);
    demandVersion(current, body as KubeObject);
    const { status, ...main } = body as Json;
    const patched = merge(
      current as unknown as Json,
      isStatus ? { status } : main,
    ) as unknown as KubeObject;
    const stored = this.#store(key, patched);
    this.#collect(key);
    return stored as T;
  }

  async delete(
    path: string,
    options: CallOptions & { uid?: string } = {},
  ): Promise<void> {
    this.writes.push({ verb: 'delete', path });
    this.#refuseIfTold('delete', path);
    const current = this.#require(path);
    if (options.uid && options.uid !== current.metadata.uid) {
      throw apiError(409, 'Conflict', `${path} has another UID`);
    }
    this.#store(path, {
      ...current,
      metadata: {
        ...current.metadata,
        deletionTimestamp: '2026-01-15T12:00:00Z',
      },
    });
    this.#collect(path);
  }

  async *watch<T extends KubeObject>(
    _path: string,
    _query: object,
    signal: AbortSignal,
  ): AsyncIterable<WatchEvent<T>> {
    await new Promise<void>(resolve => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  #mint(path: string): unknown {
    this.#require(path.slice(0, -'/token'.length));
    return {
      status: {
        token: `token-${++this.#version}`,
        expirationTimestamp: '2026-01-15T12:10:00Z',
      },
    };
  }

  #require<T extends KubeObject>(path: string): T {
    const object = this.objects.get(path);
    if (!object) {
      throw apiError(404, 'NotFound', `${path} not found`);
    }
    return structuredClone(object) as T;
  }

  #store<T extends KubeObject>(path: string, object: T): T {
    const stored = {
      ...object,
      metadata: {
        ...object.metadata,
        resourceVersion: String(++this.#version),
      },
    };
    this.objects.set(path, stored);
    return structuredClone(stored);
  }

  /** Objects that are being deleted go as soon as nothing holds them. */
  #collect(path: string): void {
    const { metadata } = this.objects.get(path) as KubeObject;
    if (metadata.deletionTimestamp && !metadata.finalizers?.length) {
      this.objects.delete(path);
    }
  }

  #refuseIfTold(verb: string, path: string): void {
    const refusal = this.#refusals.find(
      ({ verb: refused, path: pattern }) =>
        refused === verb && pattern.test(path),
    );
    if (refusal) {
      throw refusal.error;
    }
  }
}

/** An error as the API server sends it. */
export function apiError(
  status: number,
  reason: string,
  message: string,
): KubeApiError {
  return new KubeApiError({ status, reason, message });
}

function matches({ metadata }: KubeObject, selector: string = ''): boolean {
  return selector
    .split(',')
    .filter(Boolean)
    .every(term => {
      const [key, value] = term.split('=');
      return metadata.labels?.[key] === value;
    });
}

function demandVersion(current: KubeObject, written: KubeObject): void {
  const { resourceVersion, uid } = written.metadata ?? {};
  const isOld =
    resourceVersion !== undefined &&
    resourceVersion !== current.metadata.resourceVersion;
  if (isOld || (uid !== undefined && uid !== current.metadata.uid)) {
    throw apiError(409, 'Conflict', `${current.metadata.name} was changed`);
  }
}

function merge(target: Json, patch: Json): Json {
  const merged: Json = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete merged[key];
    } else if (isObject(value)) {
      merged[key] = merge(isObject(merged[key]) ? merged[key] : {}, value);
    } else if (value !== undefined) {
      merged[key] = value;
    }
  }
  return merged;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
