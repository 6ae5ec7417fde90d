import type {
  CallOptions,
  KubeClient,
  KubeList,
  KubeObject,
  PatchKind,
  Selection,
  WatchEvent,
} from '../kubernetes';
import type { RecordedWrite } from './FakeKubeClient';

type When = 'before' | 'after';

/** Where a process stands still: at the first such call, before it is sent or after its answer came. */
export interface StallAt {
  when: When;
  verb: 'get' | 'list' | 'create' | 'replace' | 'patch' | 'delete';
  path: RegExp;
}

/**
 * The way of one process to a real API server. It can be told to let the process stand still in the middle of what it
 * does: from then on no call is sent and no answer comes, until it goes on where it was.
 */
export class StallableKubeClient implements KubeClient {
  /** What was sent. */
  readonly writes: RecordedWrite[] = [];
  readonly #client: KubeClient;
  #stallAt: StallAt | undefined;
  #hangAt: { place: StallAt; onHang: (goOn: () => void) => void } | undefined;
  #isStalled = false;
  #waiting: Array<() => void> = [];
  #onStall: () => void = () => {};

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** Resolves when the process stands still. */
  async stallAt(place: StallAt): Promise<void> {
    this.#stallAt = place;
    await new Promise<void>(resolve => {
      this.#onStall = resolve;
    });
  }

  /** Lets one call hang, and nothing else. Resolves when it does, with what lets it go on. */
  async hangAt(place: StallAt): Promise<() => void> {
    return new Promise(resolve => {
      this.#hangAt = { place, onHang: resolve };
    });
  }

  stall(): void {
    this.#isStalled = true;
    this.#onStall();
  }

  resume(): void {
    this.#isStalled = false;
    this.#waiting.splice(0).forEach(go => go());
  }

  async ping(options: { timeoutMs: number }): Promise<void> {
    await this.#client.ping(options);
  }

  async get<T extends KubeObject>(
    path: string,
    options?: CallOptions,
  ): Promise<T> {
    return this.#pass('get', path, () => this.#client.get<T>(path, options));
  }

  async list<T extends KubeObject>(
    path: string,
    selection?: Selection,
    options?: CallOptions,
  ): Promise<KubeList<T>> {
    return this.#pass('list', path, () =>
      this.#client.list<T>(path, selection, options),
    );
  }

  async create<T>(
    path: string,
    body: object,
    options?: CallOptions,
  ): Promise<T> {
    return this.#pass('create', path, () =>
      this.#client.create<T>(path, body, options),
    );
  }

  async replace<T>(
    path: string,
    body: object,
    options?: CallOptions,
  ): Promise<T> {
    return this.#pass('replace', path, () =>
      this.#client.replace<T>(path, body, options),
    );
  }

  async patch<T>(
    path: string,
    kind: PatchKind,
    body: object,
    options?: CallOptions,
  ): Promise<T> {
    return this.#pass('patch', path, () =>
      this.#client.patch<T>(path, kind, body, options),
    );
  }

  async delete(
    path: string,
    options?: CallOptions & { uid?: string },
  ): Promise<void> {
    await this.#pass('delete', path, () => this.#client.delete(path, options));
  }

  async *watch<T extends KubeObject>(
    path: string,
    query: Selection & { resourceVersion: string; timeoutSeconds: number },
    signal: AbortSignal,
  ): AsyncIterable<WatchEvent<T>> {
    for await (const event of this.#client.watch<T>(path, query, signal)) {
      await this.#whileStalled();
      yield event;
    }
  }

  async #pass<T>(
    verb: StallAt['verb'],
    path: string,
    call: () => Promise<T>,
  ): Promise<T> {
    this.#stallIfThere('before', verb, path);
    await this.#hangIfThere('before', verb, path);
    await this.#whileStalled();
    if (verb !== 'get' && verb !== 'list') {
      this.writes.push({ verb, path });
    }
    try {
      return await call();
    } finally {
      this.#stallIfThere('after', verb, path);
      await this.#hangIfThere('after', verb, path);
      await this.#whileStalled();
    }
  }

  async #hangIfThere(when: When, verb: string, path: string): Promise<void> {
    const hang = this.#hangAt;
    if (hang && isAt(hang.place, when, verb, path)) {
      this.#hangAt = undefined;
      await new Promise<void>(goOn => hang.onHang(goOn));
    }
  }

  #stallIfThere(when: When, verb: string, path: string): void {
    const place = this.#stallAt;
    if (place && isAt(place, when, verb, path)) {
      this.#stallAt = undefined;
      this.stall();
    }
  }

  async #whileStalled(): Promise<void> {
    if (this.#isStalled) {
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
  }
}

function isAt(place: StallAt, when: When, verb: string, path: string): boolean {
  return place.when === when && place.verb === verb && place.path.test(path);
}
