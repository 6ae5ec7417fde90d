import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import type { DatabaseContact } from '../database/types';

/** The metrics of the contact with the database, with what they tell. */
const DATABASE_METRICS = {
  silence: {
    name: 'kubernetes_access.database.silence',
    description:
      'Seconds since this process has heard of the database; from 5 on its terminals are closed and none is opened',
    unit: 's',
  },
  clockOffset: {
    name: 'kubernetes_access.clock.offset',
    description:
      'Seconds by which the clock of this process is ahead of the database; beyond 2, either way, it opens no terminals',
    unit: 's',
  },
} as const;

/** Measures whether this process can still tell what may go on. */
export class DatabaseMetrics {
  readonly #metrics: MetricsService;
  readonly #contact: Pick<DatabaseContact, 'lastHeardAt' | 'clockOffsetMs'>;
  readonly #clock: { monotonic(): number };

  constructor(options: {
    metrics: MetricsService;
    contact: Pick<DatabaseContact, 'lastHeardAt' | 'clockOffsetMs'>;
    clock: { monotonic(): number };
  }) {
    this.#metrics = options.metrics;
    this.#contact = options.contact;
    this.#clock = options.clock;
  }

  /** Returns how to stop. */
  start(): () => void {
    const { silence, clockOffset } = DATABASE_METRICS;
    this.#metrics
      .createObservableGauge(silence.name, silence)
      .addCallback(result => {
        const ms = this.#clock.monotonic() - this.#contact.lastHeardAt();
        result.observe(ms / 1000);
      });
    this.#metrics
      .createObservableGauge(clockOffset.name, clockOffset)
      .addCallback(result =>
        result.observe(this.#contact.clockOffsetMs() / 1000),
      );
    return () => {};
  }
}
