import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ClusterOptions } from '../config/types';
import type { Cancel, Clock } from '../controller';
import { Backoff } from '../controller';
import { HttpKubeClient } from './HttpKubeClient';
import { inspectCluster, UnsupportedClusterError } from './inspectCluster';
import type { Endpoint } from './kubeConfig';
import { endpointOf } from './kubeConfig';
import { openExec } from './openExec';
import type { ClusterConnection, ClusterHealth } from './types';

/** Soon at first; then often enough that a cluster that came back is noticed within half a minute. */
const RETRY = { initialMs: 1_000, maxMs: 30_000, factor: 2, jitter: 0.2 };
/** A cluster that is ready is asked this often whether it still is. */
const CHECK_MS = 30_000;

interface Options {
  options: ClusterOptions;
  clock: Clock;
  logger: LoggerService;
  random: () => number;
  /** May refuse a cluster that is already known under another name, with a message. */
  onReady: (connection: ClusterConnection) => string | undefined;
}

/** One configured cluster: connects by itself, again and again, and says how it is. */
export class ConfiguredCluster {
  readonly #options: Options;
  readonly #backoff: Backoff;
  #client: HttpKubeClient | undefined;
  #endpoint: Endpoint | undefined;
  #connection: ClusterConnection | undefined;
  #state: ClusterHealth['state'] = 'connecting';
  #message: string | undefined;
  #cancel: Cancel = () => {};
  #isStopped = false;

  constructor(options: Options) {
    this.#options = options;
    this.#backoff = new Backoff({ ...RETRY, random: options.random });
  }

  /** Set while the cluster is ready. */
  get connection(): ClusterConnection | undefined {
    return this.#state === 'ready' ? this.#connection : undefined;
  }

  get health(): ClusterHealth {
    const { name, title } = this.#options.options;
    return {
      name,
      title,
      state: this.#state,
      ...(this.#message ? { message: this.#message } : {}),
    };
  }

  /** Never rejects. */
  async check(): Promise<void> {
    try {
      await this.#connect();
      this.#backoff.reset();
      this.#again(CHECK_MS);
    } catch (error) {
      this.#fail(error);
      this.#again(this.#backoff.next());
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#client?.close();
  }

  async #connect(): Promise<void> {
    const { options, onReady } = this.#options;
    this.#endpoint ??= await endpointOf(options.credential);
    this.#client ??= new HttpKubeClient({ endpoint: this.#endpoint });
    const uid = await inspectCluster(this.#client);
    const wasReady = this.#state === 'ready';
    if (this.#connection?.uid !== uid) {
      this.#connection = connectionOf(
        options,
        uid,
        this.#client,
        this.#endpoint,
      );
    }
    const objection = onReady(this.#connection);
    if (objection) {
      throw new UnsupportedClusterError(objection);
    }
    this.#state = 'ready';
    this.#message = undefined;
    if (!wasReady) {
      this.#options.logger.info(`Cluster '${options.name}' is ready`);
    }
  }

  #fail(error: unknown): void {
    const { options, logger } = this.#options;
    const message = error instanceof Error ? error.message : String(error);
    const isUnsupported = error instanceof UnsupportedClusterError;
    const told = isUnsupported
      ? `Cluster '${options.title}' ${message}.`
      : `Cluster '${options.title}' does not answer.`;
    if (this.#message !== told && !this.#isStopped) {
      logger.warn(
        isUnsupported ? told : `Cluster '${options.name}': ${message}`,
      );
    }
    this.#state = isUnsupported ? 'unsupported' : 'unreachable';
    this.#message = told;
  }

  #again(delayMs: number): void {
    if (this.#isStopped) {
      return;
    }
    this.#cancel = this.#options.clock.schedule(delayMs, () => {
      // `check` never rejects.
      this.check().catch(() => undefined);
    });
  }
}

function connectionOf(
  { name, title, grantNamespace }: ClusterOptions,
  uid: string,
  client: HttpKubeClient,
  endpoint: Endpoint,
): ClusterConnection {
  return {
    name,
    title,
    uid,
    client,
    grantNamespace,
    openExec: request => openExec(endpoint, request),
  };
}
