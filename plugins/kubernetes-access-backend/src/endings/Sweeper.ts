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
  /** Sweeps that have not finished, of clusters that somebody else looks after by now as well. */
  readonly #sweeping = new Set<Promise<void>>();
  #unsubscribe: () => void = () => {};

  constructor(options: Options) {
    this.#options = options;
  }

  start(): void {
    this.#unsubscribe = this.#options.leadership.onLead(connection =>
      this.#begin(connection),
    );
  }

  /** Begins nothing more and waits for what is under way. */
  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#stops.forEach(stop => stop());
    await Promise.all(this.#sweeping);
  }

  #begin(connection: ClusterConnection): () => void {
    const over = new AbortController();
    const sweep = new OrphanSweep({
      ...this.#options,
      connection,
      over: over.signal,
    });
    let cancel: Cancel = () => {};
    const run = () => {
      const sweeping = this.#sweep(connection, sweep, over.signal).finally(
        () => {
          this.#sweeping.delete(sweeping);
          if (!over.signal.aborted) {
            cancel = this.#options.clock.schedule(SWEEP_EVERY_MS, run);
          }
        },
      );
      this.#sweeping.add(sweeping);
    };
    const stop = () => {
      over.abort();
      cancel();
      this.#stops.delete(stop);
    };
    this.#stops.add(stop);
    run();
    return stop;
  }

  /** Never rejects. */
  async #sweep(
    connection: ClusterConnection,
    sweep: OrphanSweep,
    over: AbortSignal,
  ): Promise<void> {
    try {
      await sweep.run();
    } catch (error) {
      if (over.aborted) {
        // Whoever looks after the cluster next looks again.
        return;
      }
      this.#options.logger.warn(
        `Could not look for leftovers in cluster '${connection.name}'; trying again in five minutes`,
        error as Error,
      );
    }
  }
}
