import type { Entity } from '@backstage/catalog-model';
import { resolveTargets } from './resolveTargets';

const demo = { name: 'demo', title: 'Demo' };
const prod = { name: 'prod', title: 'Production' };

function resolve(
  annotations: Record<string, string>,
  options: Partial<Parameters<typeof resolveTargets>[1]> = {},
) {
  const entity: Entity = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'payments-api', annotations },
  };
  return resolveTargets(entity, {
    clusters: [demo],
    excludedNamespaces: ['kube-system'],
    ...options,
  });
}

const ID = 'backstage.io/kubernetes-id';
const SELECTOR = 'backstage.io/kubernetes-label-selector';
const NAMESPACE = 'backstage.io/kubernetes-namespace';
const CLUSTER = 'backstage.io/kubernetes-cluster';

describe('resolveTargets', () => {
  it("finds pods by the entity's id", () => {
    expect(resolve({ [ID]: 'payments-api', [NAMESPACE]: 'payments' })).toEqual({
      targets: [
        {
          cluster: demo,
          namespace: 'payments',
          podSelector: 'backstage.io/kubernetes-id=payments-api',
        },
      ],
    });
  });

  it('prefers a label selector to the id', () => {
    const { targets } = resolve({
      [ID]: 'payments-api',
      [SELECTOR]: 'app=payments,tier in (api, web)',
      [NAMESPACE]: 'payments',
    });
    expect(targets[0].podSelector).toBe('app=payments,tier in (api, web)');
  });

  it('takes every cluster when the entity names none, and the one it names otherwise', () => {
    const annotations = { [ID]: 'a', [NAMESPACE]: 'payments' };
    const clusters = [demo, prod];
    expect(
      resolve(annotations, { clusters }).targets.map(t => t.cluster),
    ).toEqual([demo, prod]);
    expect(
      resolve({ ...annotations, [CLUSTER]: 'prod' }, { clusters }).targets.map(
        t => t.cluster,
      ),
    ).toEqual([prod]);
  });

  it.each([
    ['names no pods', {}, 'no-annotations'],
    ['only names a namespace', { [NAMESPACE]: 'a' }, 'no-annotations'],
    ['has an empty selector', { [SELECTOR]: ' ' }, 'no-annotations'],
    [
      'has an empty selector beside an id',
      { [ID]: 'a', [SELECTOR]: '' },
      'no-annotations',
    ],
    ['has a broken selector', { [SELECTOR]: 'app in (' }, 'no-annotations'],
    [
      'puts more than an id into the id',
      { [ID]: 'a,app=b', [SELECTOR]: '!app' },
      'no-annotations',
    ],
    [
      'names a cluster that is not there',
      { [ID]: 'a', [CLUSTER]: 'other' },
      'unknown-cluster',
    ],
  ])('finds nothing for an entity that %s', (_, annotations, code) => {
    const { problem, targets } = resolve(annotations as Record<string, string>);
    expect(problem?.code).toBe(code);
    expect(targets).toEqual([]);
  });

  it('says so when there is no cluster at all', () => {
    expect(resolve({ [ID]: 'a' }, { clusters: [] }).problem?.code).toBe(
      'no-clusters',
    );
  });

  it.each([
    ['no namespace', {}, 'namespace-missing'],
    ['no name of a namespace', { [NAMESPACE]: '../a' }, 'namespace-missing'],
    ['all namespaces', { [NAMESPACE]: '*' }, 'namespace-missing'],
    [
      'an excluded namespace',
      { [NAMESPACE]: 'kube-system' },
      'namespace-excluded',
    ],
  ])('has a problem in a target of %s', (_, annotations, code) => {
    const { targets } = resolve({ [ID]: 'a', ...annotations });
    expect(targets[0].problem?.code).toBe(code);
  });
});
