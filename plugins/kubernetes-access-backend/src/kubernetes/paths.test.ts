import fc from 'fast-check';
import {
  accessRequestDefinitionPath,
  accessRequestsPath,
  namespacePath,
  podsPath,
  roleBindingsPath,
  rolesPath,
  serviceAccountsPath,
} from './paths';

describe('paths', () => {
  it('name collections and objects as the API server does', () => {
    expect(namespacePath('payments')).toBe('/api/v1/namespaces/payments');
    expect(podsPath('payments')).toBe('/api/v1/namespaces/payments/pods');
    expect(podsPath('payments', 'api-7d9f')).toBe(
      '/api/v1/namespaces/payments/pods/api-7d9f',
    );
    expect(serviceAccountsPath('grants', 'ada')).toBe(
      '/api/v1/namespaces/grants/serviceaccounts/ada',
    );
    expect(rolesPath('payments', 'ada')).toBe(
      '/apis/rbac.authorization.k8s.io/v1/namespaces/payments/roles/ada',
    );
    expect(roleBindingsPath('payments', 'ada')).toBe(
      '/apis/rbac.authorization.k8s.io/v1/namespaces/payments/rolebindings/ada',
    );
    expect(accessRequestsPath()).toBe(
      '/apis/kubernetes-access.io/v1alpha1/accessrequests',
    );
    expect(accessRequestsPath('ar-1')).toBe(
      '/apis/kubernetes-access.io/v1alpha1/accessrequests/ar-1',
    );
    expect(accessRequestDefinitionPath()).toBe(
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/accessrequests.kubernetes-access.io',
    );
  });

  it.each([
    '',
    '.',
    '..',
    '../kube-system',
    'a/b',
    'a%2fb',
    '%2e%2e',
    'a?watch=1',
    'a#b',
    'a\\b',
    'a b',
    'a\n',
    'a\0',
    'ä',
    '-a',
    'a-',
    'a'.repeat(254),
  ])('refuse the name %j', name => {
    expect(() => podsPath('payments', name)).toThrow(
      'is not a valid name in Kubernetes',
    );
    expect(() => podsPath(name)).toThrow('is not a valid name in Kubernetes');
  });

  it('are never left by a name, whatever it says', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('.', '/', '%', '2', 'f', 'e', '\\', '?', '#', 'a'),
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string()), name => {
        const path = pathOrUndefined(name);
        fc.pre(path !== undefined);
        const { pathname, search } = new URL(path!, 'https://cluster.example');
        expect(search).toBe('');
        expect(pathname.split('/')).toHaveLength(
          '/api/v1/namespaces/payments/pods/x'.split('/').length,
        );
        expect(decodeURIComponent(pathname.split('/').pop()!)).toBe(name);
        expect(pathname).toMatch(/^\/api\/v1\/namespaces\/payments\/pods\/./);
      }),
    );
  });
});

function pathOrUndefined(name: string): string | undefined {
  try {
    return podsPath('payments', name);
  } catch {
    return undefined;
  }
}
