import type { LoggerService } from '@backstage/backend-plugin-api';
import type { AuditTrail } from '../audit';
import type { Cancel, Clock } from '../controller';
import type { RequestStore } from '../database';
import type { Leadership } from '../grants';
import type { ClusterConnection } from '../kubernetes';
import { OrphanSweep } from './OrphanSweep';

const SWEEP_EVERY_MS = 5 * 60_000;

interface Options {
  leadership: Leadership;
  store: RequestStore;
  audit: AuditTrail;
  installationId: string;
  clock: Clock;
  logger: LoggerService;
}

/** Sweeps every cluster that this process looks after: when it begins to, and every few minutes from then on. */
export class Sweeper {
  readonly #options: Options;
  readonly #stops = new Set<() => void>();
  #unsubscribe: () => void = () => {};

  constructor(options: Options) {
    this.#options = options;
  }

  start(): void {
    this.#unsubscribe = this.#options.leadership.onLead(connection =>
      this.#begin(connection),
    );
  }

  stop(): void {
    this.#unsubscribe();
    this.#stops.forEach(stop => stop());
  }

  #begin(connection: ClusterConnection): () => void {
    const sweep = new OrphanSweep({ ...this.#options, connection });
    let cancel: Cancel = () => {};
    let isOver = false;
    const run = async () => {
      await this.#sweep(connection, sweep);
      if (!isOver) {
        // `run` never rejects.
        cancel = this.#options.clock.schedule(SWEEP_EVERY_MS, () => {
          run().catch(() => undefined);
        });
      }
    };
    const stop = () => {
      isOver = true;
      cancel();
      this.#stops.delete(stop);
    };
    this.#stops.add(stop);
    run().catch(() => undefined);
    return stop;
  }

  /** Never rejects. */
  async #sweep(
    connection: ClusterConnection,
    sweep: OrphanSweep,
  ): Promise<void> {
    try {
      await sweep.run();
    } catch (error) {
      this.#options.logger.warn(
        `Could not look for leftovers in cluster '${connection.name}'; trying again in five minutes`,
        error as Error,
      );
    }
  }
}
