import type { Entity } from '@backstage/catalog-model';

/** A user of groups. */
export function aUser(name: string, ...groups: string[]): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name, namespace: 'default' },
    spec: { memberOf: groups },
    relations: groups.map(group => ({
      type: 'memberOf',
      targetRef: `group:default/${group}`,
    })),
  };
}

/** A group with its members and the groups above and below it. */
export function aGroup(
  name: string,
  related: { members?: string[]; parents?: string[]; children?: string[] },
): Entity {
  const to = (type: string, kind: string, names: string[] = []) =>
    names.map(target => ({ type, targetRef: `${kind}:default/${target}` }));
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name, namespace: 'default' },
    spec: { type: 'team', children: related.children ?? [] },
    relations: [
      ...to('hasMember', 'user', related.members),
      ...to('childOf', 'group', related.parents),
      ...to('parentOf', 'group', related.children),
    ],
  };
}

/** A component in a namespace, owned by groups. */
export function aComponent(
  name: string,
  namespace: string,
  ...owners: string[]
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace: 'default',
      annotations: {
        'backstage.io/kubernetes-id': name,
        'backstage.io/kubernetes-namespace': namespace,
      },
    },
    spec: { type: 'service', lifecycle: 'production' },
    relations: owners.map(owner => ({
      type: 'ownedBy',
      targetRef: `group:default/${owner}`,
    })),
  };
}

/**
 * Two teams, payments (Olga, Omar) and storefront (Ada, Sam), and Pia of the platform team. The component `sneaky`
 * is storefront's and points at the namespace of payments; `orphan` belongs to nobody.
 */
export function demoCatalog(): Entity[] {
  return [
    aUser('olga', 'payments'),
    aUser('omar', 'payments'),
    aUser('ada', 'storefront'),
    aUser('sam', 'storefront'),
    aUser('pia', 'platform'),
    aUser('kim', 'audit'),
    aGroup('payments', { members: ['olga', 'omar'] }),
    aGroup('storefront', { members: ['ada', 'sam'] }),
    aGroup('platform', { members: ['pia'] }),
    aGroup('audit', { members: ['kim'] }),
    aComponent('payments-api', 'payments', 'payments'),
    aComponent('storefront-web', 'storefront', 'storefront'),
    aComponent('sneaky', 'payments', 'storefront'),
    aComponent('orphan', 'payments'),
  ];
}
