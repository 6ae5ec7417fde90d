import { requestApprovePermission } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  accessRequestConditions,
  createAccessRequestConditionalDecision,
} from './conditions';
import { isApprover, isRequester } from './rules';

const request = {
  id: 'a',
  requester: 'user:default/ada',
  entityRef: 'component:default/payments-api',
  approvers: {
    owners: ['group:default/payments'],
    users: ['user:default/olga'],
  },
};

describe('IS_REQUESTER', () => {
  it('holds for whoever asked', () => {
    expect(isRequester.apply(request, { claims: [request.requester] })).toBe(
      true,
    );
    expect(isRequester.apply(request, { claims: ['user:default/olga'] })).toBe(
      false,
    );
    expect(isRequester.apply(request, { claims: [] })).toBe(false);
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

describe('conditions', () => {
  it('can be written into a policy', () => {
    expect(
      createAccessRequestConditionalDecision(requestApprovePermission, {
        not: accessRequestConditions.isRequester({
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
