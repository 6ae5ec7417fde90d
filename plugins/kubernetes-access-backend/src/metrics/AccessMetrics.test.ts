import { metricsServiceMock } from '@backstage/backend-test-utils/alpha';
import type { MetricsServiceObservableCallback } from '@backstage/backend-plugin-api/alpha';
import type { StoredRequest } from '../database/types';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { ManualClock } from '../testUtils/ManualClock';
import { aNewRequest } from '../testUtils/requests';
import { AccessMetrics } from './AccessMetrics';

describe('AccessMetrics', () => {
  let stores: TestStores;
  const clock = new ManualClock();
  const counted: Array<[string, object | undefined]> = [];
  const gauges = new Map<string, MetricsServiceObservableCallback>();

  const metrics = metricsServiceMock.mock({
    createCounter: (name: string) => ({
      add: (_value: number, attributes?: object) => {
        counted.push([name, attributes]);
      },
    }),
    createObservableGauge: (name: string) => ({
      addCallback: (callback: MetricsServiceObservableCallback) => {
        gauges.set(name, callback);
      },
      removeCallback: () => {},
    }),
  });

  async function measure(name: string) {
    const seen: Array<[number, object | undefined]> = [];
    await gauges.get(name)?.({
      observe: (value, attributes) => seen.push([value, attributes]),
    });
    return seen;
  }

  beforeEach(async () => {
    stores = await openTestStores({ clock });
    counted.length = 0;
  });

  afterEach(async () => {
    await stores.close();
  });

  function start(sessions = 0) {
    const subject = new AccessMetrics({
      metrics,
      store: stores.requests,
      sessions: { count: () => sessions },
    });
    subject.start();
    return subject;
  }

  const approve = ({ id, digest }: StoredRequest, actor: string) =>
    stores.requests.change(id, () => ({
      entries: [{ kind: 'decided', actor, verdict: 'approve', digest }],
    }));

  const outcomes = () =>
    counted
      .filter(([name]) => name === 'kubernetes_access.requests')
      .map(([, attributes]) => attributes);

  it('counts requests by outcome, approval only when there are enough', async () => {
    start();
    const request = await stores.requests.create(
      aNewRequest({ terms: { policy: { name: 'default', approvals: 2 } } }),
    );
    await approve(request, 'user:default/olga');
    expect(outcomes()).toEqual([{ outcome: 'asked' }]);
    await approve(request, 'user:default/omar');
    await stores.requests.change(request.id, () => ({
      entries: [
        { kind: 'ended', actor: 'user:default/pia', reason: 'revoked' },
      ],
    }));
    expect(outcomes()).toEqual([
      { outcome: 'asked' },
      { outcome: 'approved' },
      { outcome: 'revoked' },
    ]);
  });

  it('measures the grants that can be used at the moment', async () => {
    start();
    const request = await stores.requests.create(aNewRequest());
    await approve(request, 'user:default/olga');
    await stores.requests.change(request.id, (_, now) => ({
      entries: [
        {
          kind: 'started',
          actor: 'system',
          startsAt: now.toISOString(),
          expiresAt: new Date(now.getTime() + 60_000).toISOString(),
        },
      ],
      observed: { grantedAt: now.toISOString() },
    }));
    expect(await measure('kubernetes_access.grants.live')).toEqual([
      [1, { cluster: 'demo' }],
    ]);
    await clock.advance(60_000);
    expect(await measure('kubernetes_access.grants.live')).toEqual([]);
  });

  it('measures the terminals of this process and counts failed reconciles', async () => {
    start(3).reconcileFailed('demo');
    expect(await measure('kubernetes_access.sessions.live')).toEqual([
      [3, undefined],
    ]);
    expect(counted).toEqual([
      ['kubernetes_access.reconcile.errors', { cluster: 'demo' }],
    ]);
  });
});
