import { EventEmitter, once } from 'node:events';
import { mockServices } from '@backstage/backend-test-utils';
import type { KubeClient, Pod, WatchEvent } from '../kubernetes';
import { ManualClock } from '../testUtils/ManualClock';
import { PodWatches } from './PodWatches';

const API = [{ namespace: 'payments', podSelector: 'app=api' }];
const WORKER = [{ namespace: 'payments', podSelector: 'app=worker' }];

/** Watches that a test feeds. */
class FakeWatches {
  readonly open = new Map<string, (event: WatchEvent<Pod>) => void>();
  opened = 0;

  client(): KubeClient {
    return {
      list: async () => ({ items: [], metadata: { resourceVersion: '1' } }),
      watch: (
        path: string,
        { labelSelector }: { labelSelector?: string },
        signal: AbortSignal,
      ) => this.#watch(`${path}?${labelSelector}`, signal),
    } as unknown as KubeClient;
  }

  send(key: string, type: 'ADDED' | 'MODIFIED' | 'DELETED', name: string) {
    const version = String(++this.opened);
    this.open.get(key)?.({
      type,
      object: {
        metadata: { name, namespace: 'payments', resourceVersion: version },
      },
    });
  }

  async *#watch(
    key: string,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent<Pod>> {
    const waiting: WatchEvent<Pod>[] = [];
    const wakeUp = new EventEmitter();
    this.open.set(key, event => {
      waiting.push(event);
      wakeUp.emit('now');
    });
    signal.addEventListener('abort', () => wakeUp.emit('now'));
    try {
      while (!signal.aborted) {
        yield* waiting.splice(0);
        await once(wakeUp, 'now');
      }
    } finally {
      this.open.delete(key);
    }
  }
}

describe('PodWatches', () => {
  const apiKey = '/api/v1/namespaces/payments/pods?app=api';
  let clock: ManualClock;
  let fake: FakeWatches;
  let watches: PodWatches;
  const told: string[] = [];

  beforeEach(() => {
    told.length = 0;
    clock = new ManualClock();
    fake = new FakeWatches();
    watches = new PodWatches({
      client: fake.client(),
      clock,
      logger: mockServices.logger.mock(),
      onChange: follower => told.push(follower),
    });
  });

  afterEach(() => watches.stop());

  it('watches nothing as long as nobody follows', () => {
    expect(watches.size).toBe(0);
  });

  it('tells of pods that appear together, a moment later and once', async () => {
    watches.follow('ar-1', API);
    await clock.advance(0);
    fake.send(apiKey, 'ADDED', 'api-1');
    await clock.advance(249);
    fake.send(apiKey, 'ADDED', 'api-2');
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual(['ar-1']);
    await clock.advance(1000);
    expect(told).toEqual(['ar-1']);
  });

  it('does not tell of pods that were there before and are known', async () => {
    const known = new Set(['payments/api-1', 'payments/api-2']);
    watches.follow('ar-1', API, (...pod) => known.has(pod.join('/')));
    await clock.advance(0);
    fake.send(apiKey, 'ADDED', 'api-1');
    await clock.advance(250);
    expect(told).toEqual([]);
    // One of a name that was there before may be another pod.
    fake.send(apiKey, 'ADDED', 'api-2');
    await clock.advance(250);
    expect(told).toEqual(['ar-1']);
  });

  it('tells of pods that were there before when one of them is not known', async () => {
    const knowsOne = (_namespace: string, pod: string) => pod === 'api-1';
    watches.follow('ar-1', API, knowsOne);
    await clock.advance(0);
    fake.send(apiKey, 'ADDED', 'api-1');
    fake.send(apiKey, 'ADDED', 'api-2');
    await clock.advance(250);
    expect(told).toEqual(['ar-1']);
  });

  it('tells of a pod that was there before, is known, and has gone and come again', async () => {
    watches.follow('ar-1', API, () => true);
    await clock.advance(0);
    fake.send(apiKey, 'ADDED', 'api-1');
    fake.send(apiKey, 'DELETED', 'api-1');
    fake.send(apiKey, 'ADDED', 'api-1');
    await clock.advance(250);
    expect(told).toEqual(['ar-1', 'ar-1']);
  });

  it('tells of a pod that stops matching at once', async () => {
    watches.follow('ar-1', API);
    await clock.advance(0);
    fake.send(apiKey, 'ADDED', 'api-1');
    await clock.advance(250);
    told.length = 0;
    fake.send(apiKey, 'DELETED', 'api-1');
    await clock.advance(0);
    expect(told).toEqual(['ar-1']);
  });

  it('says nothing of changes that move no name', async () => {
    watches.follow('ar-1', API);
    await clock.advance(0);
    fake.send(apiKey, 'ADDED', 'api-1');
    await clock.advance(250);
    told.length = 0;
    fake.send(apiKey, 'MODIFIED', 'api-1');
    await clock.advance(1000);
    expect(told).toEqual([]);
  });

  it('shares a watch between grants on the same pods and closes it after the last', async () => {
    watches.follow('ar-1', API);
    watches.follow('ar-2', API);
    watches.follow('ar-2', API);
    watches.follow('ar-3', WORKER);
    expect(watches.size).toBe(2);
    await clock.advance(0);
    fake.send(apiKey, 'ADDED', 'api-1');
    await clock.advance(250);
    expect(told).toEqual(['ar-1', 'ar-2']);
    watches.unfollow('ar-1');
    expect(watches.size).toBe(2);
    watches.unfollow('ar-2');
    await clock.advance(0);
    expect(watches.size).toBe(1);
    expect([...fake.open.keys()]).toEqual([
      '/api/v1/namespaces/payments/pods?app=worker',
    ]);
  });

  it('tells nobody who has left in the meantime', async () => {
    watches.follow('ar-1', API);
    await clock.advance(0);
    fake.send(apiKey, 'ADDED', 'api-1');
    await clock.advance(100);
    watches.unfollow('ar-1');
    await clock.advance(1000);
    expect(told).toEqual([]);
  });
});
