import type { AccessRequestPhase } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  isTerminal,
  stateAt,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Knex as KnexType } from 'knex';
import { mockServices } from '@backstage/backend-test-utils';
import { DatabaseAuditTrail } from '../../audit';
import type { StoredRequest } from '../../database';
import { databaseClock, DatabaseRequestStore } from '../../database';
import { readInstallationId } from '../../database/installation';
import { TABLES } from '../../database/tables';
import type {
  ReapQueueRow,
  ReplicaRow,
  SessionRow,
} from '../../database/tables';
import { HttpKubeClient } from '../../kubernetes/HttpKubeClient';
import { endpointOf } from '../../kubernetes/kubeConfig';
import type { KubeObject, Pod } from '../../kubernetes';
import { eventually } from '../RealCluster';
import { connectPluginDatabase } from '../pluginDatabase';
import type { RealCluster } from '../RealCluster';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

type Role = KubeObject & { rules?: Array<{ resourceNames?: string[] }> };

/** A request as the record has it. */
export interface Seen extends StoredRequest {
  phase: AccessRequestPhase;
}

/**
 * Looks at the record and at the cluster past the back end, with an administrator's eyes, and says what must never be.
 */
export class Observer {
  /** @param config - `backend.database` of the back ends */
  static async start(
    cluster: RealCluster,
    config: Record<string, unknown>,
  ): Promise<Observer> {
    const { kubeconfig } = cluster.cluster.info;
    const endpoint = await endpointOf({ kind: 'kubeconfig', file: kubeconfig });
    const knex = connectPluginDatabase(config);
    const installationId = await readInstallationId(knex, databaseClock);
    return new Observer(new HttpKubeClient({ endpoint }), knex, installationId);
  }

  readonly #store: DatabaseRequestStore;

  private constructor(
    readonly client: HttpKubeClient,
    readonly knex: KnexType,
    readonly installationId: string,
  ) {
    this.#store = new DatabaseRequestStore({
      knex,
      clock: databaseClock,
      audit: new DatabaseAuditTrail({
        knex,
        clock: databaseClock,
        keys: [{ id: 'observer', secret: 'writes nothing' }],
      }),
      installationId,
      replica: 'observer',
      logger: mockServices.logger.mock(),
    });
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.knex.destroy();
  }

  /** Makes it long ago that a process was heard of, which others wait for before they take its place. */
  async forget(pid: number): Promise<void> {
    const [replica] = await this.knex<ReplicaRow>(TABLES.replicas).where({
      pid,
    });
    if (!replica) {
      return;
    }
    await this.knex<ReplicaRow>(TABLES.replicas)
      .where({ pid })
      .update({ seen_at: new Date(0).toISOString() });
    const { holder } = await this.lease();
    if (holder === replica.id) {
      await this.client.patch(this.#leasePath, 'merge', {
        spec: { holderIdentity: null },
      });
    }
  }

  /** Who looks after the cluster, as its Lease says. */
  async lease(): Promise<{ holder?: string; pid?: number }> {
    const lease = await this.client
      .get<KubeObject & { spec?: { holderIdentity?: string } }>(this.#leasePath)
      .catch(() => undefined);
    const holder = lease?.spec?.holderIdentity;
    const [replica] = await this.knex<ReplicaRow>(TABLES.replicas).where({
      id: holder ?? '',
    });
    return { holder, pid: replica?.pid };
  }

  get #leasePath(): string {
    return `/apis/coordination.k8s.io/v1/namespaces/kubernetes-access-grants/leases/kubernetes-access-${this.installationId}`;
  }

  /** Every request, with the phase that its record gives it now. */
  async requests(): Promise<Seen[]> {
    const { items } = await this.#store.list({ limit: 100, order: 'newest' });
    const now = await this.#store.now();
    return items.map(request => ({
      ...request,
      phase: stateAt(request, request.observed, now).phase,
    }));
  }

  /** How often each kind of thing is on record. */
  async happened(): Promise<Record<string, number>> {
    const requests = await this.requests();
    const sessions = await this.sessions();
    const kinds = [
      ...requests.flatMap(({ entries }) =>
        entries.map(entry =>
          entry.kind === 'ended' ? `ended: ${entry.reason}` : entry.kind,
        ),
      ),
      ...sessions
        .filter(session => session.opened_at)
        .map(() => 'session opened'),
    ];
    return kinds.reduce<Record<string, number>>(
      (counts, kind) => ({ ...counts, [kind]: (counts[kind] ?? 0) + 1 }),
      {},
    );
  }

  async sessions(): Promise<SessionRow[]> {
    return this.knex<SessionRow>(TABLES.sessions).select('*');
  }

  /** The objects of grants of this installation, by the request that they say they are for. */
  async grantObjects(): Promise<Array<{ request: string; what: string }>> {
    const lists = await Promise.all(
      [`${RBAC}/rolebindings`, `${RBAC}/roles`, '/api/v1/serviceaccounts'].map(
        path =>
          this.client.list<KubeObject>(path, {
            labelSelector: `kubernetes-access.io/installation=${this.installationId}`,
          }),
      ),
    );
    return lists.flatMap(({ items }, index) =>
      items.map(({ metadata }) => ({
        request: metadata.labels?.['kubernetes-access.io/request'] ?? '',
        what: `${['RoleBinding', 'Role', 'ServiceAccount'][index]} ${
          metadata.namespace
        }/${metadata.name}`,
      })),
    );
  }

  /** The pods that the Roles of a request's grant name. */
  async namedPods(requestId: string): Promise<string[]> {
    const { items } = await this.client.list<
      KubeObject & { rules?: Array<{ resourceNames?: string[] }> }
    >(`${RBAC}/roles`, {
      labelSelector: `kubernetes-access.io/request=${requestId}`,
    });
    return items.flatMap(
      ({ rules }) =>
        rules?.flatMap(({ resourceNames }) => resourceNames ?? []) ?? [],
    );
  }

  /**
   * What must not be at any instant, whatever is broken. Looks at the cluster first and then at the record: what the
   * record knew before it was made stays known.
   */
  async violations(): Promise<string[]> {
    const objects = await this.grantObjects();
    const requests = new Map(
      (await this.requests()).map(request => [request.id, request]),
    );
    const found = objects.flatMap(({ request: id, what }) => {
      const request = requests.get(id);
      const reasons = request
        ? whyNot(request).map(why => `${id} ${why}`)
        : [`${id} is not on record`];
      return reasons.map(why => ({ what, why }));
    });
    if (found.length === 0) {
      return [];
    }
    // What was said to be removed may have gone between the two looks.
    const still = new Set((await this.grantObjects()).map(({ what }) => what));
    return found
      .filter(({ what }) => still.has(what))
      .map(({ what, why }) => `${what} is there, but ${why}`);
  }

  /** A pod of a request's targets that runs, whether anybody may reach it or not. */
  async aRunningPod({ terms }: Seen): Promise<Pod | undefined> {
    const [target] = terms.targets;
    const pods = await this.#podsThatMatch(target);
    return pods.find(({ status }) => status?.phase === 'Running');
  }

  /** Pods that Roles of requests name although they are not of the requests' targets. */
  async pastTheirTargets(): Promise<string[]> {
    const requests = await this.requests();
    const { items } = await this.client.list<Role>(`${RBAC}/roles`, {
      labelSelector: `kubernetes-access.io/installation=${this.installationId}`,
    });
    const excess = items.map(async ({ metadata, rules = [] }) => {
      const id = metadata.labels?.['kubernetes-access.io/request'];
      const request = requests.find(each => each.id === id);
      const target = request?.terms.targets.find(
        ({ namespace }) => namespace === metadata.namespace,
      );
      const matching = target ? await this.#podsThatMatch(target) : [];
      const mayName = new Set(matching.map(pod => pod.metadata.name));
      const named = rules.flatMap(({ resourceNames }) => resourceNames ?? []);
      const existing = await this.#podNames(metadata.namespace ?? '');
      return [...new Set(named)]
        .filter(name => existing.has(name) && !mayName.has(name))
        .map(name => `${metadata.namespace}/${metadata.name} names ${name}`);
    });
    return (await Promise.all(excess)).flat();
  }

  async #podsThatMatch({
    namespace,
    podSelector,
  }: Seen['terms']['targets'][number]): Promise<Pod[]> {
    const { items } = await this.client.list<Pod>(
      `/api/v1/namespaces/${namespace}/pods`,
      { labelSelector: podSelector },
    );
    return items;
  }

  async #podNames(namespace: string): Promise<Set<string>> {
    const { items } = await this.client.list<KubeObject>(
      `/api/v1/namespaces/${namespace}/pods`,
    );
    return new Set(items.map(({ metadata }) => metadata.name));
  }

  /** Waits until cluster and record agree about everything that has ended, and fails with what does not. */
  async untilSettled(timeoutMs: number): Promise<void> {
    await eventually(async () => {
      const requests = await this.requests();
      const ended = requests.filter(({ phase }) => isTerminal(phase));
      const endedIds = new Set(ended.map(({ id }) => id));
      expect(
        ended
          .filter(({ observed }) => observed.removal.state !== 'removed')
          .map(({ id, observed }) => ({ id, removal: observed.removal })),
      ).toEqual([]);
      const open = new Set(
        requests.filter(({ id }) => !endedIds.has(id)).map(({ id }) => id),
      );
      const objects = await this.grantObjects();
      expect(objects.filter(({ request }) => !open.has(request))).toEqual([]);
      const sessions = await this.sessions();
      expect(
        sessions.filter(
          ({ request_id: request, state }) =>
            endedIds.has(request) && state !== 'closed',
        ),
      ).toEqual([]);
      const reaps = await this.knex<ReapQueueRow>(TABLES.reapQueue).select('*');
      expect(
        reaps.filter(
          ({ state, attempts }) => state !== 'settled' && attempts === 0,
        ),
      ).toEqual([]);
    }, timeoutMs);
  }
}

/** Why there may be no object of a request's grant. */
function whyNot({ entries, digest, observed }: Seen): string[] {
  const approvals = entries.filter(
    entry =>
      entry.kind === 'decided' &&
      entry.verdict === 'approve' &&
      entry.digest === digest,
  );
  const has = (kind: string) => entries.some(entry => entry.kind === kind);
  return [
    ...(approvals.length === 0 ? ['was never approved'] : []),
    ...(has('started') ? [] : ['has no start on record']),
    ...(observed.removal.state === 'removed' ? ['is said to be removed'] : []),
  ];
}
