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
import { WarmConnections } from './WarmConnections';

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
  /** What speaks against a cluster, such as that it is known under another name. */
  objectionTo: (connection: ClusterConnection) => string | undefined;
  /** Called at every check that finds the cluster ready. Must not throw. */
  onReady: (connection: ClusterConnection) => void;
}

/** The way to an API server and, once it was found out, to which cluster it leads. */
interface Link {
  endpoint: Endpoint;
  client: HttpKubeClient;
  warm: WarmConnections;
  connection?: ClusterConnection;
}

/** One configured cluster: connects by itself, again and again, and says how it is. */
export class ConfiguredCluster {
  readonly #options: Options;
  readonly #backoff: Backoff;
  #link: Link | undefined;
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
    return this.#state === 'ready' ? this.#link?.connection : undefined;
  }

  get health(): ClusterHealth {
    const { name, title } = this.#options.options;
    const uid = this.#link?.connection?.uid;
    return {
      name,
      title,
      ...(uid ? { uid } : {}),
      state: this.#state,
      ...(this.#message ? { message: this.#message } : {}),
    };
  }

  /** Never rejects. */
  async check(): Promise<void> {
    this.#isCheckDue = true;
    const nextMs = await this.#connect().then(
      connection => this.#succeed(connection),
      error => this.#fail(error),
    );
    this.#isCheckDue = false;
    this.#again(nextMs);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#closeLink();
  }

  async #connect(): Promise<ClusterConnection> {
    const { options, objectionTo } = this.#options;
    let link = await this.#currentLink();
    const uid = await inspectCluster(link.client);
    if (link.connection && link.connection.uid !== uid) {
      // Another cluster answers in the place of the one that we knew: who holds the old connection must not reach it.
      link = await this.#renewLink(link.endpoint);
    }
    link.connection ??= connectionOf(options, uid, link);
    const objection = objectionTo(link.connection);
    if (objection) {
      throw new UnsupportedClusterError(objection);
    }
    return link.connection;
  }

  /** A cluster that could not be used may have moved or have new certificates since its kubeconfig was read. */
  async #currentLink(): Promise<Link> {
    if (this.#link && this.#state === 'ready') {
      return this.#link;
    }
    const { options, clock } = this.#options;
    const endpoint = await endpointOf(options.credential, () =>
      clock.monotonic(),
    );
    return this.#link && isSame(endpoint, this.#link.endpoint)
      ? this.#link
      : this.#renewLink(endpoint);
  }

  async #renewLink(endpoint: Endpoint): Promise<Link> {
    await this.#closeLink();
    if (this.#isStopped) {
      throw new Error('It was stopped');
    }
    const client = new HttpKubeClient({
      endpoint,
      onConnectionError: () => this.#suspect(),
    });
    this.#link = { endpoint, client, warm: new WarmConnections(endpoint) };
    return this.#link;
  }

  async #closeLink(): Promise<void> {
    this.#link?.warm.close();
    await this.#link?.client.close();
  }

  #succeed(connection: ClusterConnection): number {
    if (this.#state !== 'ready' && !this.#isStopped) {
      const { name } = this.#options.options;
      this.#options.logger.info(`Cluster '${name}' is ready`);
    }
    this.#state = 'ready';
    this.#message = undefined;
    this.#backoff.reset();
    if (!this.#isStopped) {
      this.#options.onReady(connection);
    }
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
  { client, endpoint, warm }: Link,
): ClusterConnection {
  return {
    name,
    title,
    uid,
    client,
    grantNamespace,
    openExec: request => openExec(endpoint, request, warm),
    prepareExec: () => warm.prepare(),
  };
}
