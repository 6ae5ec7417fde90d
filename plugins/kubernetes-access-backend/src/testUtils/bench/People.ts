import { randomBytes } from 'node:crypto';
import type { StoredRequest } from '../../database';
import { commitEnd } from '../../grants';
import type { ClusterConnection } from '../../kubernetes';
import { createRequestId } from '../../requests/requestId';
import type { TestStores } from '../database';
import { anApproval, aNewRequest } from '../requests';

const NAMESPACE = 'payments';

/** Those who ask and approve, straight in the record. */
export class People {
  constructor(
    private readonly stores: TestStores,
    private readonly connection: ClusterConnection,
  ) {}

  /** Returns when the cluster knows all of them. */
  async ask(count: number): Promise<StoredRequest[]> {
    const created: StoredRequest[] = [];
    const known = this.#untilAll(count, ({ observed }) =>
      Boolean(observed.resourceUid),
    );
    for (let index = 0; index < count; index++) {
      const id = aFreshId();
      created.push(
        await this.stores.requests.create(
          aNewRequest({
            id,
            clusterName: 'test',
            resourceName: `ar-${id}`,
            terms: {
              requester: `user:default/bench-${index}`,
              clusterUid: this.connection.uid,
              targets: [
                { namespace: NAMESPACE, podSelector: 'app=payments-worker' },
              ],
            },
          }),
        ),
      );
    }
    await known;
    return Promise.all(
      created.map(
        async ({ id }) => (await this.stores.requests.get(id)) as StoredRequest,
      ),
    );
  }

  /** Returns how long it took until all grants stood. */
  async approve(requests: StoredRequest[]): Promise<number> {
    const began = performance.now();
    const granted = this.#untilAll(requests.length, ({ observed }) =>
      Boolean(observed.grantedAt),
    );
    await Promise.all(
      requests.map(({ id, digest }) =>
        this.stores.requests.change(id, () => ({
          entries: [anApproval({ digest })],
        })),
      ),
    );
    await granted;
    return performance.now() - began;
  }

  /** Returns when everything is taken back. */
  async end(requests: StoredRequest[]): Promise<void> {
    const removed = this.#untilAll(
      requests.length,
      ({ observed }) => observed.removal.state === 'removed',
    );
    await Promise.all(
      requests.map(({ id }) =>
        commitEnd(this.stores.requests, id, {
          reason: 'revoked',
          actor: 'user:default/olga',
        }),
      ),
    );
    await removed;
  }

  #untilAll(
    count: number,
    isSo: (request: StoredRequest) => boolean,
  ): Promise<void> {
    const those = new Set<string>();
    return new Promise(resolve => {
      const stop = this.stores.requests.onChange(request => {
        if (isSo(request) && those.add(request.id).size === count) {
          stop();
          resolve();
        }
      });
    });
  }
}

function aFreshId(): string {
  return createRequestId(Date.now(), randomBytes(10));
}
