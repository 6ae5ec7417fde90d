import { mockCredentials } from '@backstage/backend-test-utils';
import {
  catalogEntityDeletePermission,
  catalogEntityReadPermission,
  catalogLocationCreatePermission,
} from '@backstage/plugin-catalog-common/alpha';
import { kubernetesProxyPermission } from '@backstage/plugin-kubernetes-common';
import {
  AuthorizeResult,
  createPermission,
  Permission,
} from '@backstage/plugin-permission-common';
import { PolicyQueryUser } from '@backstage/plugin-permission-node';
import { DemoPolicy } from './DemoPolicy';

const ada: PolicyQueryUser = {
  credentials: mockCredentials.user('user:default/ada'),
  info: {
    userEntityRef: 'user:default/ada',
    ownershipEntityRefs: ['user:default/ada'],
  },
};

const decide = async (permission: Permission, user?: PolicyQueryUser) =>
  (await new DemoPolicy().handle({ permission }, user)).result;

describe('the demo policy', () => {
  it('lets somebody who is signed in read the catalog', async () => {
    expect(await decide(catalogEntityReadPermission, ada)).toBe(
      AuthorizeResult.ALLOW,
    );
  });

  it('lets somebody who is signed in use permissions that it does not know', async () => {
    const unknown = createPermission({
      name: 'kubernetes-access.request.create',
      attributes: { action: 'create' },
    });
    expect(await decide(unknown, ada)).toBe(AuthorizeResult.ALLOW);
  });

  it('refuses everything to somebody who is not signed in', async () => {
    expect(await decide(catalogEntityReadPermission)).toBe(
      AuthorizeResult.DENY,
    );
  });

  it('refuses the proxy of the kubernetes plugin, which would go around every approval', async () => {
    expect(await decide(kubernetesProxyPermission, ada)).toBe(
      AuthorizeResult.DENY,
    );
  });

  it.each([catalogEntityDeletePermission, catalogLocationCreatePermission])(
    'refuses changes of the catalog: $name',
    async permission => {
      expect(await decide(permission, ada)).toBe(AuthorizeResult.DENY);
    },
  );
});
