import { randomBytes, randomUUID } from 'node:crypto';
import type { Cluster } from '@kubernetes-access/dev-cluster';
import type { StoredRequest } from '../database';
import { RequestEndings } from '../endings';
import { grantName } from '../grants';
import { createRequestId } from '../requests/requestId';
import type { TestStores } from './database';
import { aPod } from './pods';
import { eventually, RealCluster } from './RealCluster';
import { anApproval, aNewRequest } from './requests';

export const SCENE_NAMESPACE = 'platform';
export const GRANT_NAMESPACE = 'kubernetes-access-grants';

/** Two pods in a real cluster, people who ask for them and decide, and a look at what came of it. */
export class GrantScene {
  readonly app = `scene-${randomUUID().slice(0, 8)}`;
  readonly #made = new Set<string>();
  readonly #extra: string[] = [];
  #clusterUid = '';

  /** @param own - a cluster with the chart and the namespace; the one of all tests when unset */
  static async set(own?: Cluster): Promise<GrantScene> {
    const scene = new GrantScene(await RealCluster.connect(own));
    await scene.#prepare();
    return scene;
  }

  private constructor(readonly cluster: RealCluster) {}

  get pods(): string[] {
    return [`${this.app}-0`, `${this.app}-1`];
  }

  async #prepare(): Promise<void> {
    for (const pod of this.pods) {
      await this.addPod(pod);
    }
    this.#clusterUid = await this.cluster.kubectl([
      'get',
      'namespace',
      'kube-system',
      '--output=jsonpath={.metadata.uid}',
    ]);
  }

  async addPod(name: string): Promise<void> {
    const { shell: image } = this.cluster.cluster.info.images;
    this.#extra.push(name);
    await this.cluster.apply(
      aPod({ name, namespace: SCENE_NAMESPACE, app: this.app, image }),
    );
  }

  async ask(
    { requests }: TestStores,
    durationSeconds: number = 600,
  ): Promise<StoredRequest> {
    const request = await requests.create(
      aNewRequest({
        // The cluster outlives a run, so every run has ids of its own.
        id: createRequestId(Date.now(), randomBytes(10)),
        clusterName: 'test',
        terms: {
          clusterUid: this.#clusterUid,
          durationSeconds,
          // So that nobody has an open request for the same already.
          requester: `user:default/ada-${this.#made.size}`,
          targets: [
            { namespace: SCENE_NAMESPACE, podSelector: `app=${this.app}` },
          ],
        },
      }),
    );
    this.#made.add(request.resourceName);
    return request;
  }

  async approve({ requests }: TestStores, id: string): Promise<void> {
    await requests.change(id, current => ({ entries: [anApproval(current)] }));
  }

  async revoke({ requests }: TestStores, id: string): Promise<void> {
    await new RequestEndings({ store: requests }).end(id, {
      reason: 'revoked',
      actor: 'user:default/olga',
    });
  }

  /** Asks, approves, and waits until somebody has made the grant. */
  async grant(
    stores: TestStores,
    durationSeconds?: number,
  ): Promise<StoredRequest> {
    const { id } = await this.ask(stores, durationSeconds);
    await this.approve(stores, id);
    return this.granted(stores, id);
  }

  async granted(stores: TestStores, id: string): Promise<StoredRequest> {
    return eventually(async () => {
      const request = await this.see(stores, id);
      expect(request.observed.grantedAt).toBeDefined();
      return request;
    }, 30_000);
  }

  /** Waits until there is an image of the request in the cluster. */
  async shown(stores: TestStores, id: string): Promise<StoredRequest> {
    return eventually(async () => {
      const request = await this.see(stores, id);
      expect(request.observed.resourceUid).toBeDefined();
      return request;
    }, 30_000);
  }

  /** Waits until it is on record that nothing is left, and looks whether that is so. */
  async removed(stores: TestStores, id: string): Promise<void> {
    await eventually(async () => {
      const { observed } = await this.see(stores, id);
      expect(observed.removal).toMatchObject({ state: 'removed' });
      expect(await this.objects(id)).toEqual([]);
    }, 30_000);
  }

  async see({ requests }: TestStores, id: string): Promise<StoredRequest> {
    return (await requests.get(id)) as StoredRequest;
  }

  /** What there is of a grant in the cluster. */
  async objects(id: string): Promise<string[]> {
    return this.cluster.grantObjects(id);
  }

  /** The UIDs of everything that there is of a grant, to see whether anything was made again. */
  async uids(id: string): Promise<string[]> {
    const found = await this.cluster.kubectl([
      'get',
      'serviceaccounts,roles,rolebindings,accessrequests',
      '--all-namespaces',
      `--selector=kubernetes-access.io/request=${id}`,
      '--output=jsonpath={.items[*].metadata.uid}',
    ]);
    return found.split(' ').filter(Boolean).sort();
  }

  nameOf({ requester, id, observed }: StoredRequest): string {
    return grantName(requester, id, observed.resourceUid ?? '');
  }

  async mayExec(request: StoredRequest, pod: string): Promise<boolean> {
    return this.cluster.may(
      this.nameOf(request),
      'create',
      `pods/${pod}`,
      '--subresource=exec',
      `--namespace=${SCENE_NAMESPACE}`,
    );
  }

  /** Says that the test will have made a resource, so that it is cleaned up. */
  willMake(resourceName: string): void {
    this.#made.add(resourceName);
  }

  async clear(): Promise<void> {
    await this.cluster.kubectl([
      'delete',
      'pod',
      ...this.#extra,
      `--namespace=${SCENE_NAMESPACE}`,
      '--ignore-not-found',
      '--now',
      '--wait=false',
    ]);
    for (const name of this.#made) {
      // Kubernetes collects what they own.
      await this.cluster
        .kubectl([
          'patch',
          'accessrequest',
          name,
          '--type=merge',
          '--patch={"metadata":{"finalizers":[]}}',
        ])
        .catch(() => 'gone already');
      await this.cluster.kubectl([
        'delete',
        'accessrequest',
        name,
        '--ignore-not-found',
        '--wait=false',
      ]);
    }
    await this.cluster.close();
  }

  /** Removes the Leases of installations, which the back end itself has no right to. */
  async removeLeases(...installationIds: string[]): Promise<void> {
    await this.cluster.kubectl([
      'delete',
      'leases',
      `--namespace=${GRANT_NAMESPACE}`,
      '--selector',
      `kubernetes-access.io/installation in (${installationIds.join(',')})`,
    ]);
  }
}
