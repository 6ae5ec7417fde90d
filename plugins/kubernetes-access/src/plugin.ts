import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { KubernetesAccessClient } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { kubernetesAccessApiRef } from './api';
import { entityContentRouteRef, rootRouteRef } from './routes';

/**
 * The plugin for apps on the legacy front-end system.
 * @public
 */
export const kubernetesAccessPlugin = createPlugin({
  id: 'kubernetes-access',
  apis: [
    createApiFactory({
      api: kubernetesAccessApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new KubernetesAccessClient(deps),
    }),
  ],
  routes: { root: rootRouteRef, entityContent: entityContentRouteRef },
});

/**
 * The Access tab for legacy entity pages; show it where {@link isKubernetesAccessAvailable} says so.
 * @public
 */
export const EntityKubernetesAccessContent = kubernetesAccessPlugin.provide(
  createRoutableExtension({
    name: 'EntityKubernetesAccessContent',
    component: (): Promise<() => JSX.Element> =>
      import('./components/AccessTab').then(m => m.AccessTab),
    mountPoint: entityContentRouteRef,
  }),
);

/**
 * A card for the overview of legacy entity pages: where the reader stands, and the way to the tab. It shows nothing on
 * entities that name no pods; show it where {@link isKubernetesAccessAvailable} says so.
 * @public
 */
export const EntityKubernetesAccessCard = kubernetesAccessPlugin.provide(
  createComponentExtension({
    name: 'EntityKubernetesAccessCard',
    component: {
      lazy: (): Promise<() => JSX.Element> =>
        import('./components/AccessCard').then(m => m.AccessCard),
    },
  }),
);

/**
 * The top-level page for legacy apps.
 * @public
 */
export const KubernetesAccessPage = kubernetesAccessPlugin.provide(
  createRoutableExtension({
    name: 'KubernetesAccessPage',
    component: (): Promise<() => JSX.Element> =>
      import('./components/KubernetesAccessPage').then(
        m => m.KubernetesAccessLegacyPage,
      ),
    mountPoint: rootRouteRef,
  }),
);

/**
 * The item in the sidebar of legacy apps, with the number of requests that wait for the user's decision.
 * @public
 */
export const KubernetesAccessSidebarItem = kubernetesAccessPlugin.provide(
  createComponentExtension({
    name: 'KubernetesAccessSidebarItem',
    component: {
      lazy: (): Promise<() => JSX.Element> =>
        import('./components/NavIcon').then(m => m.KubernetesAccessSidebarItem),
    },
  }),
);
