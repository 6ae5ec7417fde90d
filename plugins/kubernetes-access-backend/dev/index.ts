import { createBackend } from '@backstage/backend-defaults';
import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';

/**
 * The plugin alone: `yarn start` in its folder. The catalog holds a single component with its owners, and whoever calls
 * with the token `mock-user-token` is a user. Clusters come from `kubernetesAccess.clusters` in app-config; without one
 * the plugin says so. Try:
 *
 *     curl -H 'Authorization: Bearer mock-user-token' \
 *       http://localhost:7007/api/kubernetes-access/entities/component/default/payments-api/access
 */
const backend = createBackend();

backend.add(mockServices.auth.factory());
backend.add(mockServices.httpAuth.factory());
backend.add(mockServices.userInfo.factory());
backend.add(
  catalogServiceMock.factory({
    entities: [
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: {
          name: 'payments-api',
          annotations: {
            'backstage.io/kubernetes-id': 'payments-api',
            'backstage.io/kubernetes-namespace': 'payments',
          },
        },
        spec: { type: 'service', lifecycle: 'production', owner: 'payments' },
        relations: [{ type: 'ownedBy', targetRef: 'group:default/payments' }],
      },
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Group',
        metadata: { name: 'payments' },
        spec: { type: 'team', children: [], members: ['olga'] },
        relations: [{ type: 'hasMember', targetRef: 'user:default/olga' }],
      },
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'User',
        metadata: { name: 'olga' },
        spec: { memberOf: ['payments'] },
        relations: [{ type: 'memberOf', targetRef: 'group:default/payments' }],
      },
    ],
  }),
);
backend.add(import('../src'));

backend.start();
