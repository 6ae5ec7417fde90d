import { mockCredentials } from '@backstage/backend-test-utils';
import type { Permission } from '@backstage/plugin-permission-common';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { PolicyQueryUser } from '@backstage/plugin-permission-node';
import { createConditionAuthorizer } from '@backstage/plugin-permission-node';
import {
  requestApprovePermission,
  requestReadPermission,
  sessionOpenPermission,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AccessRequestFacts } from '@kubernetes-access/backstage-plugin-kubernetes-access-node';
import { accessRequestRules } from '@kubernetes-access/backstage-plugin-kubernetes-access-node';
import { ShortAccessPolicy } from './ShortAccessPolicy';

const HOUR = 3600;
const ada = aUser('ada', 'storefront');
const cory = aUser('cory', 'contractors');

function aUser(name: string, group: string): PolicyQueryUser {
  const userEntityRef = `user:default/${name}`;
  return {
    credentials: mockCredentials.user(userEntityRef),
    info: {
      userEntityRef,
      ownershipEntityRefs: [userEntityRef, `group:default/${group}`],
    },
  };
}

function aRequest(overrides: Partial<AccessRequestFacts>): AccessRequestFacts {
  return {
    id: 'a',
    requester: 'user:default/ada',
    entityRef: 'component:default/storefront-web',
    cluster: 'staging',
    namespaces: ['storefront'],
    durationSeconds: HOUR / 2,
    phase: 'Active',
    approvers: { owners: ['group:default/payments'], users: [] },
    ...overrides,
  };
}

const isMet = createConditionAuthorizer(Object.values(accessRequestRules));

async function allows(
  permission: Permission,
  user: PolicyQueryUser | undefined,
  request: Partial<AccessRequestFacts>,
): Promise<boolean> {
  const decision = await new ShortAccessPolicy().handle({ permission }, user);
  return isMet(decision, aRequest(request));
}

describe('the sample policy', () => {
  it.each([
    ['an hour in production', { cluster: 'production', durationSeconds: HOUR }],
    ['eight hours in staging', { durationSeconds: 8 * HOUR }],
  ])('lets people use and approve %s', async (_, request) => {
    expect(await allows(sessionOpenPermission, ada, request)).toBe(true);
    expect(await allows(requestApprovePermission, ada, request)).toBe(true);
  });

  it('lets nobody use or approve more than an hour in production', async () => {
    const request = { cluster: 'production', durationSeconds: HOUR + 1 };
    expect(await allows(sessionOpenPermission, ada, request)).toBe(false);
    expect(await allows(requestApprovePermission, ada, request)).toBe(false);
  });

  it.each<[string, Partial<AccessRequestFacts>, boolean]>([
    ['half an hour in their namespace', {}, true],
    ['longer', { durationSeconds: HOUR }, false],
    ['in another namespace', { namespaces: ['payments'] }, false],
    [
      'in one of theirs and another',
      { namespaces: ['storefront', 'payments'] },
      false,
    ],
    ['in production', { cluster: 'production' }, false],
  ])('limits contractors: %s', async (_, request, expected) => {
    expect(await allows(sessionOpenPermission, cory, request)).toBe(expected);
  });

  it('treats somebody of whom it knows nothing like a contractor', async () => {
    const request = { durationSeconds: HOUR };
    expect(await allows(sessionOpenPermission, undefined, request)).toBe(false);
  });

  it('says nothing about anything else', async () => {
    const { result } = await new ShortAccessPolicy().handle(
      { permission: requestReadPermission },
      ada,
    );
    expect(result).toBe(AuthorizeResult.ALLOW);
  });
});
