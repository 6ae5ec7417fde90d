import { requestApprovePermission } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AccessRequestFacts } from './accessRequestResourceRef';
import {
  createKubernetesAccessConditionalDecision,
  kubernetesAccessConditions,
} from './conditions';
import {
  accessRequestRules,
  hasCluster,
  hasPhase,
  inNamespace,
  isApprover,
  isRequester,
  isTargetOwner,
  maxDuration,
} from './rules';

const request: AccessRequestFacts = {
  id: 'a',
  requester: 'user:default/ada',
  entityRef: 'component:default/payments-api',
  cluster: 'production',
  namespaces: ['payments'],
  durationSeconds: 3600,
  phase: 'Pending',
  approvers: {
    owners: ['group:default/payments'],
    users: ['user:default/olga'],
  },
};

describe('IS_REQUESTER', () => {
  it.each([
    ['whoever asked', ['user:default/ada'], true],
    ['somebody else', ['user:default/olga'], false],
    ['nobody', [], false],
  ])('tells of %s', (_, claims, expected) => {
    expect(isRequester.apply(request, { claims })).toBe(expected);
  });
});

describe('IS_APPROVER', () => {
  it.each([
    ['an owner', ['group:default/payments'], true],
    ['a user of the owners', ['user:default/olga'], true],
    ['the requester', ['user:default/ada'], false],
    ['nobody', [], false],
  ])('tells of %s', (_, claims, expected) => {
    expect(isApprover.apply(request, { claims })).toBe(expected);
  });
});

describe('IS_TARGET_OWNER', () => {
  it.each([
    ['an owner', ['group:default/payments'], true],
    ['a user who was found among the owners', ['user:default/olga'], false],
    ['nobody', [], false],
  ])('tells of %s', (_, claims, expected) => {
    expect(isTargetOwner.apply(request, { claims })).toBe(expected);
  });
});

describe('HAS_CLUSTER', () => {
  it.each([
    [['staging', 'production'], true],
    [['staging'], false],
    [[], false],
  ])('of %j', (clusters, expected) => {
    expect(hasCluster.apply(request, { clusters })).toBe(expected);
  });
});

describe('IN_NAMESPACE', () => {
  const both = { ...request, namespaces: ['payments', 'storefront'] };

  it.each([
    ['all of its pods are', request, ['payments', 'platform'], true],
    ['none of its pods is', request, ['platform'], false],
    ['only some of its pods are', both, ['payments'], false],
    ['all of its pods are in several', both, ['storefront', 'payments'], true],
    ['no namespace is named', request, [], false],
  ])('when %s', (_, asked, namespaces, expected) => {
    expect(inNamespace.apply(asked, { namespaces })).toBe(expected);
  });
});

describe('HAS_PHASE', () => {
  it('tells where a request stands now', () => {
    expect(hasPhase.apply(request, { phases: ['Pending', 'Active'] })).toBe(
      true,
    );
    expect(hasPhase.apply(request, { phases: ['Denied'] })).toBe(false);
    expect(hasPhase.apply(request, { phases: [] })).toBe(false);
  });
});

describe('MAX_DURATION', () => {
  it.each([
    [3599, false],
    [3600, true],
    [3601, true],
  ])('of %d s, with an hour asked for', (seconds, expected) => {
    expect(maxDuration.apply(request, { seconds })).toBe(expected);
  });
});

describe('conditions', () => {
  it('can be written into a policy, for every rule', () => {
    expect(Object.keys(kubernetesAccessConditions)).toEqual(
      Object.keys(accessRequestRules),
    );
  });

  it('make a decision of the plugin', () => {
    expect(
      createKubernetesAccessConditionalDecision(requestApprovePermission, {
        not: kubernetesAccessConditions.isRequester({
          claims: ['user:default/ada'],
        }),
      }),
    ).toMatchObject({
      pluginId: 'kubernetes-access',
      resourceType: 'kubernetes-access-request',
      conditions: { not: { rule: 'IS_REQUESTER' } },
    });
  });
});
