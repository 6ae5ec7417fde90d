import type { Entity } from '@backstage/catalog-model';
import { mockServices } from '@backstage/backend-test-utils';
import type { BackendFeature } from '@backstage/backend-plugin-api';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { kubernetesAccessPlugin } from '../plugin';
import { demoCatalog } from './catalog';

/** Where the browser of a test says that it comes from. */
export const BROWSER_ORIGIN = 'http://localhost:3000';

/** What sign-in would say: the user and the groups that the catalog has them in. */
const userInfoOfDemoCatalog = createServiceFactory({
  service: coreServices.userInfo,
  deps: {},
  factory: () => ({
    getUserInfo: async credentials => {
      const { userEntityRef } = credentials.principal as {
        userEntityRef: string;
      };
      const user = demoCatalog().find(
        ({ kind, metadata }) =>
          kind === 'User' && userEntityRef === `user:default/${metadata.name}`,
      );
      const groups = user?.relations?.map(({ targetRef }) => targetRef) ?? [];
      return { userEntityRef, ownershipEntityRefs: [userEntityRef, ...groups] };
    },
  }),
});

/** The plugin with the neighbours that it needs, and the people of {@link demoCatalog}. */
export function backendFeatures(options: {
  /** As in app-config. */
  kubernetesAccess: Record<string, unknown>;
  /** `backend.database` of app-config. */
  database: Record<string, unknown>;
  /** `backend.auth` of app-config. */
  auth?: Record<string, unknown>;
  /** What the catalog has beside the people and components of {@link demoCatalog}. */
  entities?: Entity[];
  logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'none';
  /** Takes the place of the logger, for tests that read what is logged. */
  rootLogger?: BackendFeature;
}): BackendFeature[] {
  return [
    kubernetesAccessPlugin,
    catalogServiceMock.factory({
      entities: [...demoCatalog(), ...(options.entities ?? [])],
    }),
    userInfoOfDemoCatalog,
    options.rootLogger ??
      mockServices.rootLogger.factory({ level: options.logLevel ?? 'none' }),
    mockServices.rootConfig.factory({
      data: {
        app: { baseUrl: BROWSER_ORIGIN },
        backend: {
          baseUrl: 'http://localhost:7007',
          database: options.database,
          ...(options.auth ? { auth: options.auth } : {}),
        },
        kubernetesAccess: options.kubernetesAccess,
      } as never,
    }),
  ];
}
