import { kubernetesTabReader } from './kubernetesTabReader';

const objects = kubernetesTabReader(['payments', 'legacy']).items;
const rules = objects.flatMap(object =>
  'rules' in object && object.rules ? object.rules : [],
);

describe("the identity of the kubernetes plugin's tab", () => {
  it('can only read', () => {
    expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(
      new Set(['get', 'list', 'watch']),
    );
  });

  it('sees neither secrets nor a way into a pod', () => {
    const resources = rules.flatMap(rule => rule.resources);
    expect(resources).toContain('pods');
    for (const forbidden of ['secrets', 'pods/exec', 'configmaps', '*']) {
      expect(resources).not.toContain(forbidden);
    }
  });

  it('is bound in the namespaces of the demo and nowhere else', () => {
    const bindings = objects.filter(({ kind }) => kind === 'RoleBinding');
    expect(
      bindings.map(
        ({ metadata }) => 'namespace' in metadata && metadata.namespace,
      ),
    ).toEqual(['payments', 'legacy']);
    expect(objects.map(({ kind }) => kind)).not.toContain('ClusterRoleBinding');
  });
});
