import { createRouteRef, createSubRouteRef } from '@backstage/core-plugin-api';

/** The top-level page. */
export const rootRouteRef = createRouteRef({ id: 'kubernetes-access' });

/** What the signed-in user has asked for. */
export const mineRouteRef = createSubRouteRef({
  id: 'kubernetes-access.mine',
  parent: rootRouteRef,
  path: '/mine',
});

/** The terminals that are open now. */
export const liveRouteRef = createSubRouteRef({
  id: 'kubernetes-access.live',
  parent: rootRouteRef,
  path: '/live',
});

/** Everything that was ever asked for, as far as the user may see it. */
export const historyRouteRef = createSubRouteRef({
  id: 'kubernetes-access.history',
  parent: rootRouteRef,
  path: '/history',
});

/** How the clusters are. */
export const clustersRouteRef = createSubRouteRef({
  id: 'kubernetes-access.clusters',
  parent: rootRouteRef,
  path: '/clusters',
});

/** The page of one request, with its history. */
export const requestRouteRef = createSubRouteRef({
  id: 'kubernetes-access.request',
  parent: rootRouteRef,
  path: '/requests/:id',
});

/** The terminal of one request. */
export const terminalRouteRef = createSubRouteRef({
  id: 'kubernetes-access.terminal',
  parent: rootRouteRef,
  path: '/requests/:id/terminal',
});

/** The Access tab on an entity's page. */
export const entityContentRouteRef = createRouteRef({
  id: 'kubernetes-access.entity-content',
});
