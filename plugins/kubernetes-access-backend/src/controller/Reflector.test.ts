import { mockServices } from '@backstage/backend-test-utils';
import { ManualClock } from '../testUtils/ManualClock';
import type { WatchClient } from './Reflector';
import { Reflector } from './Reflector';

interface Thing {
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
  };
}

function thing(name: string, resourceVersion: string, uid = `uid-${name}`) {
  return { metadata: { name, uid, resourceVersion } };
}

function refusal(status: number): Error {
  return Object.assign(new Error(`refused with ${status}`), { status });
}

/** One watch that a reflector opened, in the hands of the test. */
class OpenWatch {
  readonly #queue: Array<{ event?: unknown; error?: Error; end?: boolean }> =
    [];
  #wake: () => void = () => {};

  constructor(
    readonly query: { resourceVersion: string; timeoutSeconds: number },
    readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => this.fail(signal.reason));
  }

  send(type: string, object: Thing): void {
    this.#push({ event: { type, object } });
  }

  fail(error: Error): void {
    this.#push({ error });
  }

  end(): void {
    this.#push({ end: true });
  }

  async *events<T>(): AsyncGenerator<{ type: string; object: T }> {
    for (;;) {
      const next = this.#queue.shift();
      if (!next) {
        await new Promise<void>(resolve => {
          this.#wake = resolve;
        });
      } else if (next.error) {
        throw next.error;
      } else if (next.end) {
        return;
      } else {
        yield next.event as { type: string; object: T };
      }
    }
  }

  #push(item: { event?: unknown; error?: Error; end?: boolean }): void {
    this.#queue.push(item);
    this.#wake();
  }
}

/** A collection whose every answer the test gives. */
class ScriptedSource implements WatchClient {
  items: Thing[] = [];
  version = '10';
  listError: Error | undefined;
  lists = 0;
  readonly watches: OpenWatch[] = [];
  /** Closes every watch as soon as it is opened. */
  closesAtOnce = false;

  async list<T>() {
    this.lists += 1;
    if (this.listError) {
      throw this.listError;
    }
    return {
      items: this.items as T[],
      metadata: { resourceVersion: this.version },
    };
  }

  watch<T>(
    _path: string,
    query: { resourceVersion: string; timeoutSeconds: number },
    signal: AbortSignal,
  ) {
    const watch = new OpenWatch(query, signal);
    this.watches.push(watch);
    if (this.closesAtOnce) {
      watch.end();
    }
    return watch.events<T>();
  }

  get current(): OpenWatch {
    return this.watches[this.watches.length - 1];
  }
}

describe('Reflector', () => {
  let clock: ManualClock;
  let source: ScriptedSource;
  let logger: ReturnType<typeof mockServices.logger.mock>;
  let heard: string[];
  let reflector: Reflector<Thing>;

  beforeEach(() => {
    clock = new ManualClock();
    source = new ScriptedSource();
    logger = mockServices.logger.mock();
    heard = [];
    reflector = new Reflector<Thing>({
      client: source,
      path: '/api/v1/things',
      clock,
      logger,
      random: () => 0.5,
      onAdd: ({ metadata }) => heard.push(`+${metadata.name}`),
      onUpdate: ({ metadata }, before) =>
        heard.push(
          `~${metadata.name} ${before.metadata.resourceVersion}>${metadata.resourceVersion}`,
        ),
      onDelete: ({ metadata }) => heard.push(`-${metadata.name}`),
    });
  });

  afterEach(async () => {
    await reflector.stop();
  });

  async function start(...items: Thing[]): Promise<void> {
    source.items = items;
    reflector.start();
    await reflector.synced();
    await clock.advance(0);
  }

  it('lists once, then watches from the version of the list', async () => {
    await start(thing('a', '1'), thing('b', '2'));

    expect(heard).toEqual(['+a', '+b']);
    expect(source.lists).toBe(1);
    expect(source.watches).toHaveLength(1);
    expect(source.current.query).toEqual({
      resourceVersion: '10',
      timeoutSeconds: 270,
    });
  });

  it('tells what changes and keeps a copy of what is there', async () => {
    await start(thing('a', '1'));

    source.current.send('ADDED', thing('b', '11'));
    source.current.send('MODIFIED', thing('a', '12'));
    source.current.send('DELETED', thing('b', '13'));
    await clock.advance(0);

    expect(heard).toEqual(['+a', '+b', '~a 1>12', '-b']);
    expect(reflector.list()).toEqual([thing('a', '12')]);
    expect(reflector.get('a')).toEqual(thing('a', '12'));
    expect(reflector.get('b')).toBeUndefined();
  });

  it('tells objects of the same name in different namespaces apart', async () => {
    const inNamespace = (namespace: string) => ({
      metadata: { name: 'a', namespace, uid: namespace, resourceVersion: '1' },
    });
    await start(inNamespace('x'), inNamespace('y'));

    expect(reflector.list()).toHaveLength(2);
    expect(reflector.get('a', 'y')).toEqual(inNamespace('y'));
    expect(reflector.get('a')).toBeUndefined();
  });

  it('goes on where it was when the API server closes the watch', async () => {
    await start(thing('a', '1'));
    source.current.send('MODIFIED', thing('a', '12'));
    await clock.advance(270_000);

    source.current.end();
    await clock.advance(0);

    expect(source.lists).toBe(1);
    expect(source.watches).toHaveLength(2);
    expect(source.current.query.resourceVersion).toBe('12');
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('learns newer versions from bookmarks, which are no news to anybody', async () => {
    await start(thing('a', '1'));
    source.current.send('BOOKMARK', {
      metadata: { name: '', resourceVersion: '99' },
    });
    await clock.advance(270_000);

    source.current.end();
    await clock.advance(0);

    expect(source.current.query.resourceVersion).toBe('99');
    expect(heard).toEqual(['+a']);
    expect(reflector.list()).toHaveLength(1);
  });

  it('lists again when its version is gone, and works out what it missed', async () => {
    await start(thing('kept', '1'), thing('changed', '2'), thing('gone', '3'));
    heard.length = 0;
    source.items = [
      thing('kept', '1'),
      thing('changed', '22'),
      thing('new', '23'),
    ];
    source.version = '30';

    source.current.fail(refusal(410));
    await clock.advance(1_000);

    expect(heard).toEqual(['-gone', '~changed 2>22', '+new']);
    expect(source.current.query.resourceVersion).toBe('30');
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('takes an object that was made anew under the same name for another one', async () => {
    await start(thing('a', '1', 'first'));
    source.items = [thing('a', '20', 'second')];

    source.current.fail(refusal(410));
    await clock.advance(1_000);

    expect(heard).toEqual(['+a', '-a', '+a']);
  });

  it('watches again from where it was after the connection broke', async () => {
    await start(thing('a', '1'));
    source.current.send('MODIFIED', thing('a', '12'));
    await clock.advance(0);

    source.current.fail(new Error('socket hang up'));
    await clock.advance(1_000);

    expect(source.lists).toBe(1);
    expect(source.current.query.resourceVersion).toBe('12');
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn).toHaveBeenCalledWith(
      'The watch of /api/v1/things broke off, trying again: socket hang up',
    );
  });

  it('lists again when the API server has something against its version', async () => {
    await start(thing('a', '1'));

    source.current.fail(refusal(504));
    await clock.advance(1_000);

    expect(source.lists).toBe(2);
    expect(source.watches).toHaveLength(2);
  });

  it('spares an API server that is overloaded another list', async () => {
    await start(thing('a', '1'));

    source.current.fail(refusal(429));
    await clock.advance(1_000);

    expect(source.lists).toBe(1);
    expect(source.watches).toHaveLength(2);
  });

  it('keeps trying while it cannot list, ever more seldom', async () => {
    source.listError = refusal(403);
    reflector.start();

    await clock.advance(10_000);
    const soon = source.lists;
    await clock.advance(600_000);
    const later = source.lists - soon;

    expect(soon).toBeGreaterThanOrEqual(3);
    expect(soon).toBeLessThanOrEqual(6);
    expect(later).toBeGreaterThanOrEqual(10);
    expect(later).toBeLessThanOrEqual(25);

    source.listError = undefined;
    source.items = [thing('a', '1')];
    await clock.advance(60_000);
    expect(heard).toEqual(['+a']);
  });

  it('does not open watches as fast as something in between closes them', async () => {
    source.closesAtOnce = true;
    await start();

    await clock.advance(60_000);

    expect(source.watches.length).toBeLessThan(10);
  });

  it('tries again quickly after a failure that follows a healthy time', async () => {
    await start();
    for (let failures = 0; failures < 5; failures++) {
      source.current.fail(new Error('socket hang up'));
      await clock.advance(30_000);
    }
    await clock.advance(20_000);
    const before = source.watches.length;

    source.current.fail(new Error('socket hang up'));
    await clock.advance(750);

    expect(source.watches).toHaveLength(before + 1);
  });

  it('gives up a watch on which nothing was heard for longer than any lasts', async () => {
    await start();
    const silent = source.current;

    await clock.advance(329_000);
    expect(silent.signal.aborted).toBe(false);
    silent.send('BOOKMARK', { metadata: { name: '', resourceVersion: '11' } });
    await clock.advance(329_000);
    expect(silent.signal.aborted).toBe(false);
    await clock.advance(2_000);

    expect(silent.signal.aborted).toBe(true);
    expect(source.watches).toHaveLength(2);
    expect(source.current.query.resourceVersion).toBe('11');
  });

  it('survives a listener that throws', async () => {
    await reflector.stop();
    let throws = true;
    reflector = new Reflector<Thing>({
      client: source,
      path: '/api/v1/things',
      clock,
      logger,
      random: () => 0.5,
      onAdd: ({ metadata }) => {
        heard.push(`+${metadata.name}`);
        if (throws) {
          throws = false;
          throw new Error('no');
        }
      },
    });
    source.items = [thing('a', '1'), thing('b', '2')];

    reflector.start();
    await clock.advance(5_000);

    expect(heard).toEqual(['+a', '+b']);
    expect(reflector.list()).toHaveLength(2);
  });

  it('stops while it watches and leaves nothing behind', async () => {
    await start(thing('a', '1'));

    await reflector.stop();

    expect(source.current.signal.aborted).toBe(true);
    expect(clock.pending).toBe(0);
    await clock.advance(600_000);
    expect(source.watches).toHaveLength(1);
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('stops while it waits for its next try', async () => {
    source.listError = new Error('connect ECONNREFUSED');
    reflector.start();
    await clock.advance(10);

    await reflector.stop();

    expect(clock.pending).toBe(0);
    await clock.advance(60_000);
    expect(source.lists).toBe(1);
  });
});
