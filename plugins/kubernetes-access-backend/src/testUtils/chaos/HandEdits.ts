import type { KubeObject } from '../../kubernetes';
import type { Action } from './actions';
import type { Observer, Seen } from './Observer';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const REQUESTS = '/apis/kubernetes-access.io/v1alpha1/accessrequests';
const NAMESPACES = {
  'payments-api': 'payments',
  'storefront-web': 'storefront',
};

/** What somebody does to the objects of one request. */
export type Edit = Extract<
  Action,
  {
    do: `${string} the ${
      | 'binding'
      | 'role'
      | 'account'
      | 'resource'
      | 'status'
      | 'finalizer'}`;
  }
>['do'];

/** Somebody with kubectl and an administrator's rights, who means well or not. */
export class HandEdits {
  readonly #observer: Observer;

  constructor(observer: Observer) {
    this.#observer = observer;
  }

  /** What is not there cannot be edited, and that is fine. */
  async edit(what: Edit, request: Seen): Promise<void> {
    await this.#edit(what, request).catch(() => {});
  }

  async deletePod(component: keyof typeof NAMESPACES): Promise<void> {
    const path = `/api/v1/namespaces/${NAMESPACES[component]}/pods`;
    const { items } = await this.#observer.client.list<KubeObject>(path, {
      labelSelector: `app=${component}`,
    });
    if (items[0]) {
      await this.#observer.client
        .delete(`${path}/${items[0].metadata.name}`)
        .catch(() => {});
    }
  }

  /** What of the edits has not been put right. */
  async left(): Promise<string[]> {
    const { client, installationId } = this.#observer;
    const ours = {
      labelSelector: `kubernetes-access.io/installation=${installationId}`,
    };
    const [roles, bindings] = await Promise.all([
      client.list<KubeObject & { rules?: Array<{ resourceNames?: string[] }> }>(
        `${RBAC}/roles`,
        ours,
      ),
      client.list<KubeObject & { subjects?: unknown[] }>(
        `${RBAC}/rolebindings`,
        ours,
      ),
    ]);
    return [
      ...roles.items
        .filter(({ rules }) =>
          rules?.some(({ resourceNames = [] }) => resourceNames.length === 0),
        )
        .map(({ metadata }) => `Role ${metadata.name} reaches every pod`),
      ...bindings.items
        .filter(({ subjects }) => subjects?.length !== 1)
        .map(
          ({ metadata }) => `RoleBinding ${metadata.name} is for others too`,
        ),
    ];
  }

  async #edit(what: Edit, request: Seen): Promise<void> {
    const { client } = this.#observer;
    const resource = `${REQUESTS}/${request.resourceName}`;
    switch (what) {
      case 'delete the binding':
        return client.delete(await this.#pathOf('rolebindings', request));
      case 'delete the role':
        return client.delete(await this.#pathOf('roles', request));
      case 'delete the account':
        return client.delete(await this.#pathOf('serviceaccounts', request));
      case 'widen the role':
        await client.patch(await this.#pathOf('roles', request), 'merge', {
          rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['*'] }],
        });
        return undefined;
      case 'widen the binding':
        await client.patch(
          await this.#pathOf('rolebindings', request),
          'json',
          [
            {
              op: 'add',
              path: '/subjects/-',
              value: {
                kind: 'User',
                name: 'mallory',
                apiGroup: 'rbac.authorization.k8s.io',
              },
            },
          ],
        );
        return undefined;
      case 'delete the resource':
        return client.delete(resource);
      case 'forge the status':
        await client.patch(`${resource}/status`, 'merge', {
          status: { phase: 'Active', expiresAt: '2100-01-01T00:00:00.000Z' },
        });
        return undefined;
      default:
        await client.patch(resource, 'merge', { metadata: { finalizers: [] } });
        return undefined;
    }
  }

  async #pathOf(
    kind: 'rolebindings' | 'roles' | 'serviceaccounts',
    request: Seen,
  ): Promise<string> {
    const group = kind === 'serviceaccounts' ? '/api/v1' : RBAC;
    const { items } = await this.#observer.client.list<KubeObject>(
      `${group}/${kind}`,
      { labelSelector: `kubernetes-access.io/request=${request.id}` },
    );
    const { namespace, name } = items[0].metadata;
    return `${group}/namespaces/${namespace}/${kind}/${name}`;
  }
}
