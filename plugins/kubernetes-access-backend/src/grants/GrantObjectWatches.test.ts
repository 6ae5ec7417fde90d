import { mockServices } from '@backstage/backend-test-utils';
import type { KubeClient, KubeObject, WatchEvent } from '../kubernetes';
import { ManualClock } from '../testUtils/ManualClock';
import { GrantObjectWatches } from './GrantObjectWatches';

const ID = '01m7z25b2wcrrr9467r6hdsjr8';
const NAME = `kubernetes-access-ada-${ID}-0599cf12`;
const ROLES = '/apis/rbac.authorization.k8s.io/v1/namespaces/payments/roles';
const BINDINGS =
  '/apis/rbac.authorization.k8s.io/v1/namespaces/payments/rolebindings';
const ACCOUNTS = '/api/v1/namespaces/grants/serviceaccounts';

/** Watches that a test feeds. */
class FakeWatches {
  readonly #queues = new Map<string, Array<WatchEvent<KubeObject>>>();
  readonly #wakeUps = new Map<string, () => void>();

  get open(): string[] {
    return [...this.#queues.keys()].sort();
  }

  readonly client = {
    list: async () => ({ items: [], metadata: { resourceVersion: '1' } }),
    watch: (path: string, _query: object, signal: AbortSignal) =>
      this.#watch(path, signal),
  } as unknown as KubeClient;

  send(
    path: string,
    type: 'ADDED' | 'MODIFIED' | 'DELETED',
    object: KubeObject,
  ): void {
    this.#queues.get(path)!.push({ type, object });
    this.#wakeUps.get(path)?.();
  }

  async *#watch(
    path: string,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent<KubeObject>> {
    const queue: Array<WatchEvent<KubeObject>> = [];
    this.#queues.set(path, queue);
    try {
      while (!signal.aborted) {
        yield* queue.splice(0);
        await new Promise<void>(resolve => {
          this.#wakeUps.set(path, resolve);
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    } finally {
      this.#queues.delete(path);
    }
  }
}

describe('GrantObjectWatches', () => {
  let clock: ManualClock;
  let fake: FakeWatches;
  let written: Map<string, KubeObject>;
  let surprises: string[];
  let watches: GrantObjectWatches;

  beforeEach(async () => {
    clock = new ManualClock();
    fake = new FakeWatches();
    written = new Map();
    surprises = [];
    watches = new GrantObjectWatches({
      client: fake.client,
      grantNamespace: 'grants',
      installationId: 'installation-1',
      own: {
        isAsWritten: (path, { metadata }) =>
          written.get(path)?.metadata.resourceVersion ===
          metadata.resourceVersion,
        isWritten: (path, { metadata }) =>
          written.get(path)?.metadata.uid === metadata.uid,
      },
      clock,
      logger: mockServices.logger.mock(),
      onSurprise: id => surprises.push(id),
    });
    watches.start();
    watches.follow('ar-1', ['payments']);
    await clock.advance(0);
  });

  afterEach(() => watches.stop());

  function object(resourceVersion: string, name: string = NAME): KubeObject {
    return {
      metadata: { name, namespace: 'payments', uid: 'uid-1', resourceVersion },
    };
  }

  it('watches the ServiceAccounts, and Roles and RoleBindings where there are grants', async () => {
    expect(fake.open).toEqual([ACCOUNTS, BINDINGS, ROLES].sort());
    watches.follow('ar-2', ['payments', 'storefront']);
    await clock.advance(0);
    expect(fake.open).toHaveLength(5);
  });

  it('says nothing of what we write ourselves, though the event comes before the answer', async () => {
    fake.send(ROLES, 'ADDED', object('7'));
    await clock.advance(10);
    written.set(`${ROLES}/${NAME}`, object('7'));
    await clock.advance(1_000);
    fake.send(ROLES, 'MODIFIED', object('8'));
    written.set(`${ROLES}/${NAME}`, object('8'));
    await clock.advance(1_000);
    expect(surprises).toEqual([]);
  });

  it('says nothing of what we delete ourselves', async () => {
    fake.send(ROLES, 'ADDED', object('7'));
    written.set(`${ROLES}/${NAME}`, object('7'));
    await clock.advance(1_000);
    written.clear();
    fake.send(ROLES, 'DELETED', object('9'));
    await clock.advance(1_000);
    expect(surprises).toEqual([]);
  });

  it('says of which request something was changed by hand', async () => {
    fake.send(BINDINGS, 'ADDED', object('7'));
    written.set(`${BINDINGS}/${NAME}`, object('7'));
    await clock.advance(1_000);
    fake.send(BINDINGS, 'MODIFIED', object('8'));
    await clock.advance(50);
    expect(surprises).toEqual([ID]);
  });

  it('says of which request something was deleted by hand, or lost the label by which we see it', async () => {
    fake.send(ACCOUNTS, 'ADDED', object('7'));
    written.set(`${ACCOUNTS}/${NAME}`, object('7'));
    await clock.advance(1_000);
    fake.send(ACCOUNTS, 'DELETED', object('9'));
    await clock.advance(50);
    expect(surprises).toEqual([ID]);
  });

  it('says of which request something is there that we did not write', async () => {
    fake.send(BINDINGS, 'ADDED', object('7'));
    await clock.advance(50);
    expect(surprises).toEqual([ID]);
    const namespaces = ['payments'];
    expect(watches.sees({ name: NAME, namespaces })).toBe(true);
    expect(watches.sees({ name: `${NAME}0`, namespaces })).toBe(false);
  });

  it('is not kept busy by somebody who keeps changing the same grant', async () => {
    for (let version = 1; version <= 100; version++) {
      fake.send(BINDINGS, 'MODIFIED', object(String(version)));
      await clock.advance(100);
    }
    expect(surprises).toHaveLength(5);
    await clock.advance(30_000);
    expect(surprises).toHaveLength(6);
    // And who comes back later is seen at once again.
    await clock.advance(60_000);
    fake.send(BINDINGS, 'MODIFIED', object('101'));
    await clock.advance(50);
    expect(surprises).toHaveLength(7);
  });

  it('is not misled by somebody who labels what has another name', async () => {
    fake.send(BINDINGS, 'ADDED', object('7', 'somebody-elses'));
    await clock.advance(1_000);
    expect(surprises).toEqual([]);
  });

  it('watches on for a while after the last grant, and then no longer', async () => {
    watches.unfollow('ar-1');
    await clock.advance(60_000);
    fake.send(BINDINGS, 'ADDED', object('7'));
    await clock.advance(50);
    expect(surprises).toEqual([ID]);
    await clock.advance(30_000);
    expect(fake.open).toEqual([ACCOUNTS]);
  });

  it('goes on when the next grant comes in the meantime', async () => {
    watches.unfollow('ar-1');
    await clock.advance(60_000);
    watches.follow('ar-2', ['payments']);
    await clock.advance(120_000);
    expect(fake.open).toHaveLength(3);
  });

  it('leaves nothing behind', async () => {
    watches.unfollow('ar-1');
    await watches.stop();
    expect(fake.open).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
