import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  LABELS,
  MANAGED_BY,
  OUTSIDE_ACTOR,
  SYSTEM_ACTOR,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AuditTrail } from '../audit';
import type { RequestStore, StoredRequest } from '../database/types';
import { claimsInstallation, removeStrayResource } from '../grants';
import type { ClusterConnection, KubeObject } from '../kubernetes';
import {
  accessRequestsPath,
  isNotFound,
  roleBindingsPath,
  rolesPath,
  serviceAccountsPath,
} from '../kubernetes';
import { REQUEST_ID_PATTERN } from '../requests/requestId';
import { isOfOurGrants, isOrphan, requestIdOf } from './isOrphan';

/** How long a finished request stays to be seen with kubectl. Its history stays in the database. */
const FINISHED_RETENTION_MS = 3 * 24 * 3600_000;
const RESOURCE_NAME_PREFIX = 'ar-';

interface Options {
  connection: ClusterConnection;
  store: RequestStore;
  audit: AuditTrail;
  installationId: string;
  logger: LoggerService;
  /** When to ask nothing more of the cluster and the database. */
  over: AbortSignal;
}

/**
 * Looks for what nobody looks after any more in one cluster: objects of grants whose request has ended or does not
 * exist, resources of requests that finished days ago, and AccessRequests that nobody made through Backstage.
 */
export class OrphanSweep {
  readonly #options: Options;
  readonly #reported = new Set<string>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Rejects between one step and the next when it is over. What was deleted by then is on record. */
  async run(): Promise<void> {
    const { connection, installationId, over } = this.#options;
    const { items: resources } =
      await connection.client.list<AccessRequestResource>(accessRequestsPath());
    const ours = resources.filter(resource =>
      claimsInstallation(resource, installationId),
    );
    over.throwIfAborted();
    await this.#sweepGrants(await this.#namespacesOf(ours));
    for (const resource of resources) {
      over.throwIfAborted();
      await this.#sweepResource(resource);
    }
  }

  /** Labels can be taken off and put on by anybody; the record knows the names and the UIDs of our resources. */
  async #sweepResource(resource: AccessRequestResource): Promise<void> {
    const { installationId } = this.#options;
    const request = await this.#requestNamed(resource.metadata.name);
    const { resourceUid, removal } = request?.observed ?? {};
    if (request && resourceUid === resource.metadata.uid) {
      await this.#deleteFinished(resource, request);
    } else if (request && removal?.state !== 'removed') {
      // Its own reconciler looks at what stands under its name.
    } else if (claimsInstallation(resource, installationId)) {
      await removeStrayResource(this.#options, resource);
    } else if (!resource.metadata.labels?.[LABELS.installation]) {
      await this.#report(resource);
    }
  }

  /** Rights reach only the namespaces that the chart lists, so there is no asking for all of them at once. */
  async #namespacesOf(resources: AccessRequestResource[]): Promise<string[]> {
    const { store, connection } = this.#options;
    const unfinished = await store.listUnfinished(connection.uid);
    const targets = [
      ...resources.flatMap(({ spec }) => spec.targets),
      ...unfinished.flatMap(({ terms }) => terms.targets),
    ];
    return [...new Set(targets.map(({ namespace }) => namespace))];
  }

  async #sweepGrants(namespaces: string[]): Promise<void> {
    const { over, connection } = this.#options;
    const { grantNamespace } = connection;
    // In this order, because only the first takes the access away at once.
    const collections = [
      ...namespaces.map(namespace => roleBindingsPath(namespace)),
      ...namespaces.map(namespace => rolesPath(namespace)),
      serviceAccountsPath(grantNamespace),
    ];
    for (const collection of collections) {
      over.throwIfAborted();
      await this.#sweepCollection(collection).catch(error => {
        over.throwIfAborted();
        this.#options.logger.warn(
          `Could not look for leftovers of grants in ${collection} of cluster '${connection.name}'`,
          error,
        );
      });
    }
  }

  async #sweepCollection(collection: string): Promise<void> {
    const { connection, installationId, store, over } = this.#options;
    const { items } = await connection.client.list<KubeObject>(
      collection,
      {
        labelSelector: `${LABELS.managedBy}=${MANAGED_BY},${LABELS.installation}=${installationId}`,
      },
      { lane: 'removal' },
    );
    for (const object of items) {
      if (!isOfOurGrants(object, installationId)) {
        continue;
      }
      over.throwIfAborted();
      // Read after the object: whatever started before it was written is in the record by now.
      const request = await this.#requestOf(object);
      if (isOrphan(object, request, await store.now())) {
        over.throwIfAborted();
        await this.#delete(collection, object);
      }
    }
  }

  async #requestOf(object: KubeObject): Promise<StoredRequest | undefined> {
    const { store, connection } = this.#options;
    const id = requestIdOf(object);
    const request = id ? await store.get(id) : undefined;
    return request?.terms.clusterUid === connection.uid ? request : undefined;
  }

  async #delete(
    collection: string,
    { metadata: { name, uid }, ...object }: KubeObject,
  ): Promise<void> {
    const { connection, audit, logger } = this.#options;
    const path = `${collection}/${name}`;
    try {
      await connection.client.delete(path, { uid, lane: 'removal' });
    } catch (error) {
      if (isNotFound(error)) {
        return;
      }
      throw error;
    }
    logger.warn(
      `Deleted ${path} in cluster '${connection.name}': no grant needs it`,
    );
    await audit.append([
      {
        eventId: 'grant-repair',
        actor: SYSTEM_ACTOR,
        outcome: 'succeeded',
        meta: {
          cluster: connection.name,
          found: [`${object.kind ?? path} ${name} belonged to no grant`],
        },
      },
    ]);
  }

  /** The request whose image a resource of this name is. */
  async #requestNamed(name: string): Promise<StoredRequest | undefined> {
    const { store, connection } = this.#options;
    const id = name.slice(RESOURCE_NAME_PREFIX.length);
    const request = REQUEST_ID_PATTERN.test(id)
      ? await store.get(id)
      : undefined;
    return request?.resourceName === name &&
      request.terms.clusterUid === connection.uid
      ? request
      : undefined;
  }

  async #deleteFinished(
    resource: AccessRequestResource,
    request: StoredRequest,
  ): Promise<void> {
    const { connection, store } = this.#options;
    const { state, at } = request.observed.removal;
    if (state !== 'removed' || !at) {
      return;
    }
    const now = await store.now();
    if (now.getTime() - Date.parse(at) >= FINISHED_RETENTION_MS) {
      await connection.client
        .delete(accessRequestsPath(resource.metadata.name), {
          uid: resource.metadata.uid,
        })
        .catch(error => {
          if (!isNotFound(error)) {
            throw error;
          }
        });
    }
  }

  /** Says once of each that it grants nothing. Somebody else's may be useful to somebody, so that it stays. */
  async #report({ metadata, spec }: AccessRequestResource): Promise<void> {
    const { connection, audit, logger } = this.#options;
    const uid = metadata.uid ?? metadata.name;
    if (this.#reported.has(uid)) {
      return;
    }
    this.#reported.add(uid);
    const found = `AccessRequest ${metadata.name} was not made through Backstage; it grants nothing and has been left as it is`;
    logger.warn(`In cluster '${connection.name}': ${found}`);
    await audit.append([
      {
        eventId: 'grant-repair',
        actor: OUTSIDE_ACTOR,
        outcome: 'succeeded',
        meta: {
          cluster: connection.name,
          found: [found],
          claimedRequester: spec.requester,
        },
      },
    ]);
  }
}
