import type { MetricsServiceObservableCallback } from '@backstage/backend-plugin-api/alpha';
import { metricsServiceMock } from '@backstage/backend-test-utils/alpha';
import { ClusterMetrics } from './ClusterMetrics';

describe('ClusterMetrics', () => {
  it('tells how each cluster is, and whether this process looks after it', async () => {
    const gauges = new Map<string, MetricsServiceObservableCallback>();
    new ClusterMetrics({
      metrics: metricsServiceMock.mock({
        createObservableGauge: (name: string) => ({
          addCallback: (callback: MetricsServiceObservableCallback) => {
            gauges.set(name, callback);
          },
          removeCallback: () => {},
        }),
      }),
      clusters: {
        health: () => [
          { name: 'near', title: 'Near', state: 'ready' },
          { name: 'far', title: 'Far', state: 'suspended', message: 'No.' },
        ],
      },
      leadership: { leads: () => ['near'] },
    }).start();
    const seen: Array<[number, object | undefined]> = [];
    for (const measure of gauges.values()) {
      await measure({
        observe: (value, attributes) => seen.push([value, attributes]),
      });
    }
    expect(seen).toEqual([
      [1, { cluster: 'near', state: 'ready' }],
      [1, { cluster: 'far', state: 'suspended' }],
      [1, { cluster: 'near' }],
      [0, { cluster: 'far' }],
    ]);
  });
});
