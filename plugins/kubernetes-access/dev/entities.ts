import type { Entity } from '@backstage/catalog-model';

/** Two teams, their people and what the payments team owns. */
export const entities: Entity[] = [
  group('payments', 'Payments'),
  group('storefront', 'Storefront'),
  user('ada', 'Ada', 'storefront'),
  user('sam', 'Sam', 'storefront'),
  user('olga', 'Olga', 'payments'),
  user('omar', 'Omar', 'payments'),
  component('payments-api', { 'backstage.io/kubernetes-id': 'payments-api' }),
  component('payments-worker', {
    'backstage.io/kubernetes-id': 'payments-worker',
  }),
  component('checkout', { 'backstage.io/kubernetes-id': 'checkout' }),
  component('legacy-batch', { 'backstage.io/kubernetes-id': 'legacy-batch' }),
  component('payments-docs', {}),
];

function group(name: string, displayName: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name, namespace: 'default' },
    spec: { type: 'team', children: [], profile: { displayName } },
  };
}

function user(name: string, displayName: string, team: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name, namespace: 'default' },
    spec: { memberOf: [team], profile: { displayName } },
    relations: [{ type: 'memberOf', targetRef: `group:default/${team}` }],
  };
}

function component(name: string, annotations: Record<string, string>): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default', annotations },
    spec: { type: 'service', lifecycle: 'production', owner: 'payments' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/payments' }],
  };
}
