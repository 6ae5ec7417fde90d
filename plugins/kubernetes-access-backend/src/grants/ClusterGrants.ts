import {
  deadlineOf,
  isTerminal,
  LABELS,
  OUTSIDE_ACTOR,
  stateAt,
  SYSTEM_ACTOR,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type {
  AccessRequestResource,
  RecordEntry,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Cancel, Clock } from '../controller/Clock';
import { Controller, Reflector } from '../controller';
import type { StoredRequest } from '../database/types';
import { accessRequestsPath } from '../kubernetes';
import { REQUEST_ID_PATTERN } from '../requests/requestId';
import type { GrantContext } from './GrantContext';
import { GrantObjectWatches } from './GrantObjectWatches';
import { GrantRemover } from './GrantRemover';
import { GrantWriter } from './GrantWriter';
import { InTurn } from './InTurn';
import { grantName } from './names';
import { OwnResourceWrites } from './OwnResourceWrites';
import { PodWatches } from './PodWatches';
import { readResource } from './readResource';
import { removalOf } from './removalOf';
import { removeStrayResource } from './removeStrayResource';
import type { ReconcileResult } from './RequestReconciler';
import { RequestReconciler } from './RequestReconciler';
import { notReached } from './waitForPod';

/** How many requests are worked on at once. More would only queue at the API server. */
const CONCURRENCY = 8;
/** The database is asked for unfinished requests this often, should a word of a change have been lost. */
const BACKSTOP_MS = 30_000;
/** An event often comes before the answer to the call that caused it; by then it is known whose it was. */
const PATIENCE_MS = 50;
const RESOURCE_NAME_PREFIX = 'ar-';

type ClusterGrantsOptions = Omit<
  GrantContext,
  'writer' | 'remover' | 'pods' | 'objects' | 'resources'
> & { clock: Clock; onReconcileError?: () => void };

/**
 * The grants of one cluster. Work is keyed by the name of the AccessRequest; what wakes it are committed changes of
 * the record, changes of the resource, changes of pods under a standing grant, deadlines, and a look at the database
 * every now and then.
 */
export class ClusterGrants {
  readonly #context: GrantContext;
  readonly #clock: Clock;
  readonly #reconciler: RequestReconciler;
  readonly #controller: Controller;
  readonly #resources: Reflector<AccessRequestResource>;
  readonly #inTurn = new InTurn();
  /** Requests whose grants are being taken back beside what is under way. */
  readonly #removing = new Set<string>();
  /** Looks at resources that wait for the answer to a write of our own. */
  readonly #waiting = new Set<Cancel>();
  #cancelBackstop: Cancel = () => {};
  #isStopped = false;

  constructor({ clock, onReconcileError, ...options }: ClusterGrantsOptions) {
    const { connection, logger } = options;
    const { client } = connection;
    this.#clock = clock;
    const writer = new GrantWriter({ client });
    this.#context = {
      ...options,
      writer,
      remover: new GrantRemover({ client }),
      resources: new OwnResourceWrites(),
      pods: new PodWatches({
        client,
        clock,
        logger,
        onChange: name => this.#controller.add(name),
      }),
      objects: new GrantObjectWatches({
        client,
        grantNamespace: connection.grantNamespace,
        installationId: options.installationId,
        own: writer,
        clock,
        logger,
        onSurprise: id => this.#controller.add(`${RESOURCE_NAME_PREFIX}${id}`),
      }),
    };
    this.#reconciler = new RequestReconciler(this.#context);
    this.#controller = new Controller({
      name: `grants of cluster ${connection.name}`,
      reconcile: name => this.#inTurn.run(name, () => this.#reconcile(name)),
      concurrency: CONCURRENCY,
      onOutcome: outcome => outcome.endsWith('error') && onReconcileError?.(),
      clock,
      logger,
    });
    const lookAt = (resource: AccessRequestResource) =>
      this.#lookUnlessOwn(resource);
    this.#resources = new Reflector<AccessRequestResource>({
      client,
      path: accessRequestsPath(),
      selection: {
        labelSelector: `${LABELS.installation}=${options.installationId},${LABELS.open}=true`,
      },
      clock,
      logger,
      onAdd: lookAt,
      onUpdate: lookAt,
      // Also what a new list does not have any more, however it was left.
      onDelete: ({ metadata }) => {
        this.#context.resources.forget(metadata.name);
        this.#controller.add(metadata.name);
      },
    });
  }

  start(): void {
    this.#controller.start();
    this.#resources.start();
    this.#context.objects.start();
    this.#lookAtUnfinished();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelBackstop();
    this.#waiting.forEach(cancel => cancel());
    await Promise.all([
      this.#resources.stop(),
      this.#context.pods.stop(),
      this.#context.objects.stop(),
      this.#controller.stop(),
    ]);
  }

  /** Looks at a request soon. */
  poke(request: StoredRequest): void {
    this.#controller.add(request.resourceName);
    this.#removeEarly(request);
  }

  /** @throws NotFoundError when the pod is not one that the request reaches */
  async ensurePod(
    request: StoredRequest,
    namespace: string,
    pod: string,
  ): Promise<void> {
    if (this.#reaches(request, namespace, pod)) {
      return;
    }
    await this.#inTurn.run(request.resourceName, () =>
      this.#reconciler.reconcile(request.id),
    );
    if (!this.#reaches(request, namespace, pod)) {
      throw notReached(request, namespace, pod);
    }
  }

  /**
   * What ends while its objects are being written does not wait for calls that hang: the grant is taken back beside
   * them. What they still bring about is found by the look that follows them, which also puts the removal on record.
   */
  #removeEarly(request: StoredRequest): void {
    const { entries, observed, resourceName } = request;
    if (
      !entries.some(isEndByPeople) ||
      observed.removal.state === 'removed' ||
      !this.#inTurn.isBusy(resourceName) ||
      this.#removing.has(resourceName)
    ) {
      return;
    }
    const { resourceUid = '' } = observed;
    this.#removing.add(resourceName);
    this.#context.writer.close(
      grantName(request.requester, request.id, resourceUid),
    );
    this.#context.remover
      .remove(removalOf(this.#context, request))
      // What could not be removed is tried again, and told, by the look that follows.
      .catch(() => undefined)
      .finally(() => this.#removing.delete(resourceName));
  }

  #reaches(request: StoredRequest, namespace: string, pod: string): boolean {
    const { resourceUid = '' } = request.observed;
    const name = grantName(request.requester, request.id, resourceUid);
    return this.#context.writer.reaches(name, namespace, pod);
  }

  async #reconcile(resourceName: string): Promise<ReconcileResult> {
    const request = await this.#requestOf(resourceName);
    if (request) {
      return this.#reconcileRequest(request);
    }
    const resource = await readResource(this.#context, resourceName);
    if (resource) {
      await removeStrayResource(this.#context, resource);
    }
    return {};
  }

  async #reconcileRequest(request: StoredRequest): Promise<ReconcileResult> {
    try {
      return await this.#reconciler.reconcile(request.id);
    } catch (error) {
      // The pause before the next try grows; that must not delay the end of what stands half made.
      await this.#lookAtDeadline(request);
      throw error;
    }
  }

  async #lookAtDeadline(request: StoredRequest): Promise<void> {
    // Without a database there is nothing to commit then either; the look at everything unfinished comes later.
    const now = await this.#context.store.now().catch(() => undefined);
    if (!now) {
      return;
    }
    const state = stateAt(request, request.observed, now);
    if (!isTerminal(state.phase)) {
      this.#controller.addAfter(
        request.resourceName,
        Math.max(0, Date.parse(deadlineOf(request, state)) - now.getTime()),
      );
    }
  }

  /** The request whose image a resource of this name is. */
  async #requestOf(resourceName: string): Promise<StoredRequest | undefined> {
    const { store, connection } = this.#context;
    const id = resourceName.slice(RESOURCE_NAME_PREFIX.length);
    if (!REQUEST_ID_PATTERN.test(id)) {
      return undefined;
    }
    const request = await store.get(id);
    return request?.resourceName === resourceName &&
      request.terms.clusterUid === connection.uid
      ? request
      : undefined;
  }

  #lookUnlessOwn(resource: AccessRequestResource): void {
    const cancel = this.#clock.schedule(PATIENCE_MS, () => {
      this.#waiting.delete(cancel);
      if (!this.#context.resources.isAsWritten(resource)) {
        this.#controller.add(resource.metadata.name);
      }
    });
    this.#waiting.add(cancel);
  }

  #lookAtUnfinished(): void {
    const { store, connection, logger } = this.#context;
    store
      .listUnfinished(connection.uid)
      .then(requests => requests.forEach(request => this.poke(request)))
      .catch(error => {
        logger.error(
          `Could not read the unfinished requests of cluster '${connection.name}' from the database`,
          error,
        );
      })
      .finally(() => {
        if (!this.#isStopped) {
          this.#cancelBackstop = this.#clock.schedule(BACKSTOP_MS, () =>
            this.#lookAtUnfinished(),
          );
        }
      });
  }
}

/** Ends that we commit ourselves come from the very look that takes the grant back. */
function isEndByPeople({ kind, actor }: RecordEntry): boolean {
  return kind === 'ended' && actor !== SYSTEM_ACTOR && actor !== OUTSIDE_ACTOR;
}
