import { isDeepStrictEqual } from 'node:util';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ClusterOptions } from '../config/types';
import type { Cancel, Clock } from '../controller';
import { Backoff } from '../controller';
import { isUnauthorized } from './errors';
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
/** When a call could not reach it, it is asked so soon: many calls fail together, and one look is enough. */
const SUSPICION_MS = 200;

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
  /** A check is under way, or comes at once. */
  #isCheckDue = false;
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
    this.#isCheckDue = true;
    const nextMs = await this.#connect().then(
      () => this.#succeed(),
      error => this.#fail(error),
    );
    this.#isCheckDue = false;
    this.#again(nextMs);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#client?.close();
  }

  async #connect(): Promise<void> {
    const { options, onReady } = this.#options;
    const { client, endpoint } = await this.#reach();
    const uid = await inspectCluster(client);
    if (this.#connection?.uid !== uid) {
      this.#connection = connectionOf(options, uid, client, endpoint);
    }
    const objection = onReady(this.#connection);
    if (objection) {
      throw new UnsupportedClusterError(objection);
    }
  }

  /** A cluster that could not be used may have moved or have new certificates since its kubeconfig was read. */
  async #reach(): Promise<{ client: HttpKubeClient; endpoint: Endpoint }> {
    if (this.#client && this.#endpoint && this.#state === 'ready') {
      return { client: this.#client, endpoint: this.#endpoint };
    }
    const { options, clock } = this.#options;
    const endpoint = await endpointOf(options.credential, () =>
      clock.monotonic(),
    );
    if (this.#isStopped) {
      throw new Error('It was stopped');
    }
    if (this.#client && this.#endpoint && isSame(endpoint, this.#endpoint)) {
      return { client: this.#client, endpoint: this.#endpoint };
    }
    await this.#client?.close();
    const client = new HttpKubeClient({
      endpoint,
      onConnectionError: () => this.#suspect(),
    });
    this.#client = client;
    this.#endpoint = endpoint;
    this.#connection = undefined;
    return { client, endpoint };
  }

  #succeed(): number {
    if (this.#state !== 'ready') {
      const { name } = this.#options.options;
      this.#options.logger.info(`Cluster '${name}' is ready`);
    }
    this.#state = 'ready';
    this.#message = undefined;
    this.#backoff.reset();
    return CHECK_MS;
  }

  #fail(error: unknown): number {
    const { options, logger } = this.#options;
    const { state, message } = healthAfter(error, options.title);
    if (this.#message !== message && !this.#isStopped) {
      logger.warn(
        state === 'unsupported'
          ? message
          : `Cluster '${options.name}': ${
              error instanceof Error ? error.message : error
            }`,
      );
    }
    this.#state = state;
    this.#message = message;
    return this.#backoff.next();
  }

  /** A call could not reach the cluster: whether it is down is found out now, not at the next regular check. */
  #suspect(): void {
    if (this.#state === 'ready' && !this.#isCheckDue) {
      this.#isCheckDue = true;
      this.#again(SUSPICION_MS);
    }
  }

  #again(delayMs: number): void {
    this.#cancel();
    if (this.#isStopped) {
      return;
    }
    this.#cancel = this.#options.clock.schedule(delayMs, () => {
      // `check` never rejects.
      this.check().catch(() => undefined);
    });
  }
}

/** What people are told; the log has the details. */
function healthAfter(
  error: unknown,
  title: string,
): { state: 'unsupported' | 'unreachable'; message: string } {
  if (error instanceof UnsupportedClusterError) {
    const message = `Cluster '${title}' ${error.message}.`;
    return { state: 'unsupported', message };
  }
  if (isUnauthorized(error)) {
    const message = `Cluster '${title}' does not accept the credentials of this back end.`;
    return { state: 'unreachable', message };
  }
  return {
    state: 'unreachable',
    message: `Cluster '${title}' does not answer.`,
  };
}

function isSame(one: Endpoint, other: Endpoint): boolean {
  return one.server === other.server && isDeepStrictEqual(one.tls, other.tls);
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
