import type { MetricsServiceObservableCallback } from '@backstage/backend-plugin-api/alpha';
import { metricsServiceMock } from '@backstage/backend-test-utils/alpha';
import { ManualClock } from '../testUtils/ManualClock';
import { ManualContact } from '../testUtils/ManualContact';
import { DatabaseMetrics } from './DatabaseMetrics';

describe('DatabaseMetrics', () => {
  it('tells how long the database has been silent, and how far its clock is from ours', async () => {
    const measured: Record<string, number> = {};
    const gauges = new Map<string, MetricsServiceObservableCallback>();
    const clock = new ManualClock();
    const contact = new ManualContact(clock);
    new DatabaseMetrics({
      metrics: metricsServiceMock.mock({
        createObservableGauge: (name: string) => ({
          addCallback: (callback: MetricsServiceObservableCallback) => {
            gauges.set(name, callback);
          },
          removeCallback: () => {},
        }),
      }),
      contact,
      clock,
    }).start();
    contact.fallSilent();
    contact.offsetMs = -2_500;
    await clock.advance(7_000);
    for (const [name, measure] of gauges) {
      await measure({
        observe: value => {
          measured[name] = value;
        },
      });
    }
    expect(measured).toEqual({
      'kubernetes_access.database.silence': 7,
      'kubernetes_access.clock.offset': -2.5,
    });
  });
});
