import { consentedOwners, ownersOfNamespace } from './consent';

function namespaceWith(owners?: string) {
  return {
    metadata: {
      name: 'payments',
      ...(owners && { annotations: { 'kubernetes-access.io/owners': owners } }),
    },
  };
}

describe('ownersOfNamespace', () => {
  it('reads the annotation, a group unless another kind is said', () => {
    expect(
      ownersOfNamespace(
        namespaceWith('group:default/payments, Storefront ,user:default/Olga'),
        'demo',
        [],
      ),
    ).toEqual([
      'group:default/payments',
      'group:default/storefront',
      'user:default/olga',
    ]);
  });

  it('adds what app-config says of this cluster and namespace only', () => {
    const owners = (cluster: string, namespaces: string[]) =>
      ownersOfNamespace(namespaceWith(), 'demo', [
        { cluster, namespaces, owners: ['group:default/payments'] },
      ]);
    expect(owners('demo', ['shop', 'payments'])).toEqual([
      'group:default/payments',
    ]);
    expect(owners('prod', ['payments'])).toEqual([]);
    expect(owners('demo', ['shop'])).toEqual([]);
  });

  it('takes what it cannot read for nobody', () => {
    expect(ownersOfNamespace(namespaceWith(' , ::, :/'), 'demo', [])).toEqual(
      [],
    );
  });
});

describe('consentedOwners', () => {
  const entityOwners = ['group:default/payments', 'group:default/others'];

  it("are those of the entity's that the namespace names too", () => {
    expect(
      consentedOwners(
        entityOwners,
        ['group:default/payments', 'group:default/platform'],
        'namespace',
      ),
    ).toEqual(['group:default/payments']);
  });

  it('are all of them where the catalog is trusted', () => {
    expect(consentedOwners(entityOwners, [], 'catalog')).toEqual(entityOwners);
  });
});
