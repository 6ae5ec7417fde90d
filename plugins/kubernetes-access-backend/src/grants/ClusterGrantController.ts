import type { LoggerService } from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import type { RecordEntry } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AuditTrail } from '../audit';
import type { Clock } from '../controller/Clock';
import type { RequestStore, StoredRequest } from '../database/types';
import type { ClusterConnection, Clusters } from '../kubernetes';
import { ClusterGrants } from './ClusterGrants';
import { GrantTokens } from './GrantTokens';
import type { GrantAccess, GrantController } from './types';

interface Options {
  clusters: Clusters;
  store: RequestStore;
  audit: AuditTrail;
  installationId: string;
  clock: Clock;
  logger: LoggerService;
}

/**
 * Looks after the grants of every cluster that is ready, each by itself: a cluster that is down delays no other one,
 * and what ended while it was down is taken back as soon as it answers.
 */
export class ClusterGrantController implements GrantController, GrantAccess {
  readonly #options: Options;
  readonly #tokens: GrantTokens;
  readonly #grants = new Map<string, ClusterGrants>();
  readonly #connections = new Map<string, ClusterConnection>();
  readonly #errorListeners = new Set<(cluster: string) => void>();
  #unsubscribe: Array<() => void> = [];

  constructor(options: Options) {
    this.#options = options;
    this.#tokens = new GrantTokens(options);
  }

  start(): void {
    const { clusters, store } = this.#options;
    this.#unsubscribe = [
      store.onChange((request, added) => this.#onChange(request, added)),
      clusters.onReady(connection => this.#look(connection)),
    ];
  }

  async stop(): Promise<void> {
    this.#unsubscribe.forEach(unsubscribe => unsubscribe());
    this.#unsubscribe = [];
    const grants = [...this.#grants.values()];
    this.#grants.clear();
    this.#connections.clear();
    await Promise.all(grants.map(each => each.stop()));
  }

  poke(requestId: string): void {
    this.#options.store
      .get(requestId)
      .then(request => request && this.#pokeFor(request))
      .catch(error => {
        this.#options.logger.error(
          `Could not read request '${requestId}' to look after its grant`,
          error,
        );
      });
  }

  /** Tells of every attempt to make or remove a grant that failed, with the cluster's name. */
  onReconcileError(listener: (cluster: string) => void): void {
    this.#errorListeners.add(listener);
  }

  async token(request: StoredRequest): Promise<string> {
    return this.#tokens.token(request);
  }

  forget(requestId: string): void {
    this.#tokens.forget(requestId);
  }

  async ensurePod(
    request: StoredRequest,
    namespace: string,
    pod: string,
  ): Promise<void> {
    const grants = this.#grants.get(request.terms.clusterUid);
    if (!grants) {
      throw new ServiceUnavailableError(
        `The cluster '${request.clusterName}' cannot be reached now; try again in a moment`,
      );
    }
    await grants.ensurePod(request, namespace, pod);
  }

  /** What was merely seen needs no second look; what people or the clock did does. */
  #onChange(request: StoredRequest, added: RecordEntry[]): void {
    if (added.length > 0) {
      this.#pokeFor(request);
    }
  }

  #pokeFor(request: StoredRequest): void {
    this.#grants.get(request.terms.clusterUid)?.poke(request);
  }

  #look(connection: ClusterConnection): void {
    const { logger } = this.#options;
    const known = this.#connections.get(connection.uid);
    if (known === connection) {
      return;
    }
    if (known && known.name !== connection.name) {
      logger.warn(
        `Clusters '${known.name}' and '${connection.name}' are one and the same; its grants are looked after as '${known.name}'`,
      );
      return;
    }
    this.#connections.set(connection.uid, connection);
    this.#grants
      .get(connection.uid)
      ?.stop()
      .catch(error => {
        logger.warn(
          `Looking after cluster '${connection.name}' over its old connection did not stop cleanly`,
          error,
        );
      });
    const grants = new ClusterGrants({
      ...this.#options,
      connection,
      forgetTokens: requestId => this.#tokens.forget(requestId),
      onReconcileError: () =>
        this.#errorListeners.forEach(listener => listener(connection.name)),
    });
    this.#grants.set(connection.uid, grants);
    grants.start();
  }
}
