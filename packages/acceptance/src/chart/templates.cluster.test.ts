import { CONTRACT_VERSION } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Cluster } from '@kubernetes-access/dev-cluster';
import { clusterFromEnvironment } from '@kubernetes-access/dev-cluster';
import type { Manifest, Rule } from './support/helm';
import { CHART_FOLDER, helm, renderChart } from './support/helm';
import { refusalOf } from './support/refusal';

jest.setTimeout(240_000);

const CORE = '';
const RBAC = 'rbac.authorization.k8s.io';

/** A rule for each resource, so that rules compare whatever way they are grouped. */
function rights(manifest: Manifest | undefined): string[] {
  return (manifest?.rules ?? []).flatMap(rightsOfRule).sort();
}

function rightsOfRule(rule: Rule): string[] {
  const names = rule.resourceNames ? ` ${rule.resourceNames.join('+')}` : '';
  return rule.apiGroups.flatMap(group =>
    rule.resources.map(
      resource =>
        `${group === CORE ? '' : `${group}/`}${resource}${names}: ${[
          ...rule.verbs,
        ]
          .sort()
          .join(',')}`,
    ),
  );
}

const TARGET_RIGHTS = [
  'pods/exec: create,get',
  'pods/log: get',
  'pods: get,list,watch',
  `${RBAC}/rolebindings: create,delete,get,list,watch`,
  `${RBAC}/roles: create,delete,get,list,update,watch`,
];

describe('the chart', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await clusterFromEnvironment();
  });

  async function render(values: Record<string, unknown> = {}) {
    const manifests = await renderChart(cluster, values);
    return {
      manifests,
      find: (kind: string, name: string, namespace?: string) =>
        manifests.find(
          manifest =>
            manifest.kind === kind &&
            manifest.metadata.name === name &&
            (namespace === undefined ||
              manifest.metadata.namespace === namespace),
        ),
      kinds: () =>
        manifests
          .map(({ kind, metadata }) =>
            [kind, metadata.namespace, metadata.name].filter(Boolean).join(' '),
          )
          .sort(),
    };
  }

  it('passes helm lint', async () => {
    const output = await helm(cluster, ['lint', '--strict', CHART_FOLDER]);

    expect(output).toContain('1 chart(s) linted, 0 chart(s) failed');
  });

  it('grants nothing anywhere unless namespaces are named', async () => {
    const { kinds } = await render();

    expect(kinds().filter(kind => !/Policy/.test(kind))).toEqual([
      'ClusterRole kubernetes-access:backend',
      'ClusterRoleBinding kubernetes-access:backend',
      'CustomResourceDefinition accessrequests.kubernetes-access.io',
      'Namespace kubernetes-access-grants',
      'ResourceQuota kubernetes-access-grants nothing-but-service-accounts',
      'Role kubernetes-access-grants kubernetes-access:grants',
      'RoleBinding kubernetes-access-grants kubernetes-access:grants',
      'ServiceAccount kubernetes-access kubernetes-access-backend',
    ]);
  });

  it('gives the back end exactly these rights in the cluster', async () => {
    const { find } = await render({ targetNamespaces: ['payments', 'legacy'] });

    expect(rights(find('ClusterRole', 'kubernetes-access:backend'))).toEqual([
      'apiextensions.k8s.io/customresourcedefinitions accessrequests.kubernetes-access.io: get',
      'kubernetes-access.io/accessrequests/status: patch',
      'kubernetes-access.io/accessrequests: create,delete,get,list,patch,reconcile,watch',
      'namespaces kube-system+kubernetes-access-grants+payments+legacy: get',
    ]);
  });

  it('gives the back end exactly these rights in the grant namespace', async () => {
    const { find } = await render();

    expect(rights(find('Role', 'kubernetes-access:grants'))).toEqual([
      'coordination.k8s.io/leases: create,get,update',
      'serviceaccounts/token: create',
      'serviceaccounts: create,delete,get,list,watch',
    ]);
  });

  it('gives the back end exactly these rights in each namespace that is named, and in no other', async () => {
    const { find, manifests } = await render({
      targetNamespaces: ['payments', 'legacy'],
    });

    for (const namespace of ['payments', 'legacy']) {
      expect(
        rights(find('Role', 'kubernetes-access:target', namespace)),
      ).toEqual(TARGET_RIGHTS);
    }
    expect(
      manifests
        .filter(({ kind }) => kind === 'Role')
        .map(({ metadata }) => metadata.namespace)
        .sort(),
    ).toEqual(['kubernetes-access-grants', 'legacy', 'payments']);
  });

  it.each([{ targetNamespaces: ['payments'] }, { allNamespaces: true }])(
    'never asks for what would let the back end outgrow its rights (%j)',
    async values => {
      const { manifests } = await render(values);
      const rules = manifests.flatMap(manifest => manifest.rules ?? []);
      const verbs = new Set(rules.flatMap(rule => rule.verbs));
      const resources = new Set(rules.flatMap(rule => rule.resources));
      const groups = new Set(rules.flatMap(rule => rule.apiGroups));

      for (const verb of ['*', 'escalate', 'bind', 'impersonate']) {
        expect(verbs).not.toContain(verb);
      }
      for (const resource of [
        '*',
        'secrets',
        'nodes/proxy',
        'pods/attach',
        'pods/portforward',
        'pods/ephemeralcontainers',
        'clusterroles',
        'clusterrolebindings',
      ]) {
        expect(resources).not.toContain(resource);
      }
      expect([...groups].sort()).toEqual([
        CORE,
        'apiextensions.k8s.io',
        'coordination.k8s.io',
        'kubernetes-access.io',
        RBAC,
      ]);
    },
  );

  it('binds all of its roles to the back end and to nobody else', async () => {
    const { manifests } = await render({ targetNamespaces: ['payments'] });
    const bindings = manifests.filter(({ kind }) =>
      kind.endsWith('RoleBinding'),
    );

    expect(bindings).toHaveLength(3);
    for (const { subjects } of bindings) {
      expect(subjects).toEqual([
        {
          kind: 'ServiceAccount',
          name: 'kubernetes-access-backend',
          namespace: 'kubernetes-access',
        },
      ]);
    }
  });

  it('puts every policy in force, fails closed, and can leave all of them out', async () => {
    const { manifests } = await render();
    const policies = manifests.filter(
      ({ kind }) => kind === 'ValidatingAdmissionPolicy',
    );
    const bindings = manifests.filter(
      ({ kind }) => kind === 'ValidatingAdmissionPolicyBinding',
    );
    const without = await render({ 'admissionPolicies.enabled': false });

    expect(policies.map(({ metadata }) => metadata.name).sort()).toEqual(
      [
        'accessrequests',
        'excluded-namespaces',
        'exec',
        'grants',
        'leases',
        'nothing-else',
        'others-accounts',
        'others-requests',
        'others-rights',
        'rolebindings',
        'roles',
        'serviceaccounts',
        'tokens',
      ].map(name => `kubernetes-access-${name}`),
    );
    expect(bindings.map(({ spec }) => spec?.policyName).sort()).toEqual(
      policies.map(({ metadata }) => metadata.name).sort(),
    );
    for (const { spec } of policies) {
      expect(spec).toMatchObject({
        failurePolicy: 'Fail',
        matchConditions: expect.arrayContaining([expect.anything()]),
      });
    }
    for (const { spec } of bindings) {
      expect(spec?.validationActions).toEqual(['Deny']);
    }
    expect(without.kinds().join()).not.toContain('Admission');
  });

  it('does not say of an identity that exists what else it may do', async () => {
    const { kinds } = await render({
      serviceAccount: { create: false, name: 'a', namespace: 'backstage' },
    });

    expect(kinds()).toContain(
      'ValidatingAdmissionPolicy kubernetes-access-roles',
    );
    expect(kinds().join()).not.toContain('nothing-else');
  });

  it('opens all namespaces only when told so, and then closes the excluded ones by a policy, also without the others', async () => {
    const { find, kinds } = await render({
      allNamespaces: true,
      'admissionPolicies.enabled': false,
    });

    expect(rights(find('ClusterRole', 'kubernetes-access:target'))).toEqual(
      TARGET_RIGHTS,
    );
    expect(rights(find('ClusterRole', 'kubernetes-access:backend'))).toContain(
      'namespaces: get',
    );
    expect(kinds()).toContain(
      'ValidatingAdmissionPolicy kubernetes-access-excluded-namespaces',
    );
    expect(
      find(
        'ValidatingAdmissionPolicyBinding',
        'kubernetes-access-excluded-namespaces',
      )?.spec,
    ).toMatchObject({
      validationActions: ['Deny'],
      matchResources: {
        namespaceSelector: {
          matchExpressions: [
            {
              operator: 'In',
              values: [
                'kube-system',
                'kube-public',
                'kube-node-lease',
                'kubernetes-access',
                'kubernetes-access-grants',
              ],
            },
          ],
        },
      },
    });
  });

  it.each([
    'kube-system',
    'kube-public',
    'kube-node-lease',
    'kubernetes-access',
    'kubernetes-access-grants',
  ])('refuses %s as a target', async namespace => {
    const refusal = await refusalOf(
      render({ targetNamespaces: ['payments', namespace] }),
    );

    expect(refusal).toContain(
      `targetNamespaces: ${namespace} is never a target`,
    );
  });

  it('refuses the namespace of a back end that exists elsewhere as a target', async () => {
    const refusal = await refusalOf(
      render({
        targetNamespaces: ['backstage'],
        serviceAccount: {
          create: false,
          name: 'backstage',
          namespace: 'backstage',
        },
      }),
    );

    expect(refusal).toContain('targetNamespaces: backstage is never a target');
  });

  it.each([
    ['a namespace that is named twice', { targetNamespaces: ['a', 'a'] }],
    ['a pattern', { targetNamespaces: ['team-*'] }],
    ['a value that it does not know', { targetNamespace: ['payments'] }],
    [
      'a value that it does not know, further in',
      { serviceAccount: { create: true, name: 'a', tokens: true } },
    ],
    ['a word where a list belongs', { targetNamespaces: 'payments' }],
    ['a grant namespace without a name', { 'grantNamespace.name': '' }],
  ])('refuses %s', async (_, values) => {
    expect(await refusalOf(render(values))).toContain(
      "values don't meet the specifications of the schema",
    );
  });

  it.each([
    [
      'all namespaces and a list of them',
      { allNamespaces: true, targetNamespaces: ['payments'] },
      'allNamespaces and targetNamespaces exclude each other',
    ],
    [
      'a grant namespace that holds other things',
      { 'grantNamespace.name': 'kubernetes-access' },
      'grantNamespace.name: kubernetes-access holds other things',
    ],
    [
      'to make a ServiceAccount in the namespace of others',
      { 'serviceAccount.namespace': 'backstage' },
      'serviceAccount.namespace is for a ServiceAccount that exists',
    ],
  ])('refuses %s', async (_, values, words) => {
    expect(await refusalOf(render(values))).toContain(words);
  });

  it('binds to a ServiceAccount that exists', async () => {
    const { find, kinds } = await render({
      serviceAccount: {
        create: false,
        name: 'backstage',
        namespace: 'backstage',
      },
    });

    expect(kinds().some(kind => kind.startsWith('ServiceAccount'))).toBe(false);
    expect(
      find('ClusterRoleBinding', 'kubernetes-access:backend')?.subjects,
    ).toEqual([
      { kind: 'ServiceAccount', name: 'backstage', namespace: 'backstage' },
    ]);
  });

  it('keeps a long-lived token only when told so', async () => {
    const { find } = await render({ 'serviceAccount.token.create': true });

    expect(find('Secret', 'kubernetes-access-backend-token')).toMatchObject({
      type: 'kubernetes.io/service-account-token',
      metadata: {
        namespace: 'kubernetes-access',
        annotations: {
          'kubernetes.io/service-account.name': 'kubernetes-access-backend',
        },
      },
    });
  });

  it('lets nothing but ServiceAccounts into the grant namespace', async () => {
    const { find } = await render({ 'grantNamespace.name': 'temporary' });

    expect(
      find('ResourceQuota', 'nothing-but-service-accounts', 'temporary')?.spec,
    ).toEqual({ hard: { pods: '0', secrets: '0' } });
  });

  it('leaves the grant namespace to others when told so', async () => {
    const { kinds } = await render({ 'grantNamespace.create': false });

    expect(kinds()).not.toContain('Namespace kubernetes-access-grants');
    expect(kinds()).toContain(
      'Role kubernetes-access-grants kubernetes-access:grants',
    );
  });

  it('keeps the CustomResourceDefinition when it goes, and stamps the contract version on it', async () => {
    const { find } = await render();

    expect(
      find('CustomResourceDefinition', 'accessrequests.kubernetes-access.io')
        ?.metadata.annotations,
    ).toEqual({
      'helm.sh/resource-policy': 'keep',
      'kubernetes-access.io/contract': CONTRACT_VERSION,
    });
  });

  it('leaves the CustomResourceDefinition to another release when told so', async () => {
    const { kinds } = await render({ 'crd.create': false });

    expect(kinds().join()).not.toContain('CustomResourceDefinition');
  });

  it('labels everything, also as it is told', async () => {
    const { manifests } = await render({
      targetNamespaces: ['payments'],
      commonLabels: { team: 'platform' },
      'serviceAccount.token.create': true,
    });

    for (const { metadata } of manifests) {
      expect(metadata.labels).toMatchObject({
        'app.kubernetes.io/name': 'kubernetes-access',
        'app.kubernetes.io/instance': 'kubernetes-access',
        'app.kubernetes.io/managed-by': 'Helm',
        team: 'platform',
      });
    }
  });

  it('names what it makes cluster-wide after its release, so that two releases do not meet', async () => {
    const names = (await renderChart(cluster, {}, 'second'))
      .filter(({ kind }) => kind.startsWith('Cluster'))
      .map(({ metadata }) => metadata.name);

    expect(names).toEqual([
      'second-kubernetes-access:backend',
      'second-kubernetes-access:backend',
    ]);
  });

  it('gives its own roles names that no grant has', async () => {
    const { manifests } = await render({ targetNamespaces: ['payments'] });

    for (const { metadata } of manifests.filter(({ kind }) =>
      ['Role', 'RoleBinding'].includes(kind),
    )) {
      expect(metadata.name).not.toMatch(/^kubernetes-access-/);
    }
  });
});
