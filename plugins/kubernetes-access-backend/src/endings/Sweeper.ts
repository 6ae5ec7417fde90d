import type { LoggerService } from '@backstage/backend-plugin-api';
import type { AuditTrail } from '../audit';
import type { Cancel, Clock } from '../controller/Clock';
import type { RequestStore } from '../database/types';
import type { ClusterConnection, Clusters } from '../kubernetes';
import { OrphanSweep } from './OrphanSweep';

const SWEEP_EVERY_MS = 5 * 60_000;

interface Options {
  clusters: Clusters;
  store: RequestStore;
  audit: AuditTrail;
  installationId: string;
  clock: Clock;
  logger: LoggerService;
}

/** Sweeps every cluster when it becomes ready and every few minutes from then on. */
export class Sweeper {
  readonly #options: Options;
  /** The sweep of each cluster; a new connection replaces it. */
  readonly #sweeps = new Map<string, OrphanSweep>();
  readonly #timers = new Map<string, Cancel>();
  #unsubscribe: () => void = () => {};

  constructor(options: Options) {
    this.#options = options;
  }

  start(): void {
    this.#unsubscribe = this.#options.clusters.onReady(connection => {
      const sweep = new OrphanSweep({ ...this.#options, connection });
      this.#timers.get(connection.uid)?.();
      this.#sweeps.set(connection.uid, sweep);
      this.#sweep(connection, sweep);
    });
  }

  stop(): void {
    this.#unsubscribe();
    this.#sweeps.clear();
    this.#timers.forEach(cancel => cancel());
  }

  #sweep(connection: ClusterConnection, sweep: OrphanSweep): void {
    const { clock, logger } = this.#options;
    sweep
      .run()
      .catch(error => {
        logger.warn(
          `Could not look for leftovers in cluster '${connection.name}'; trying again in five minutes`,
          error,
        );
      })
      .finally(() => {
        if (this.#sweeps.get(connection.uid) === sweep) {
          this.#timers.set(
            connection.uid,
            clock.schedule(SWEEP_EVERY_MS, () =>
              this.#sweep(connection, sweep),
            ),
          );
        }
      });
  }
}
