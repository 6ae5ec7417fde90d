import type { Entity } from '@backstage/catalog-model';
import {
  catalogApiRef,
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import type { SignalApi } from '@backstage/plugin-signals-react';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { renderInTestApp, TestApiProvider } from '@backstage/test-utils';
import type { KubernetesAccessApi } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { ReactNode } from 'react';
import { Route, Routes } from 'react-router-dom';
import { kubernetesAccessApiRef } from '../api';
import { entityContentRouteRef, rootRouteRef } from '../routes';

interface RenderOptions {
  api: KubernetesAccessApi;
  /** The entity whose page it is on. */
  entity?: Entity;
  /** Where the element is mounted; it gets what comes after as sub-paths. */
  mountedAt?: string;
  /** The address to start from; where the element is mounted by default. */
  address?: string;
  /** Where the app has the entity's tab, if the test looks at something else. */
  tabAt?: string;
  /** None by default, as in an app without the signals plugin. */
  signals?: SignalApi;
}

/** Renders a part of the plugin in a legacy app, on a fake of its API. */
export async function renderWithAccess(
  element: ReactNode,
  options: RenderOptions,
) {
  const { api, entity, mountedAt = '/here', address, tabAt, signals } = options;
  const content = entity ? (
    <EntityProvider entity={entity}>{element}</EntityProvider>
  ) : (
    element
  );
  return await renderInTestApp(
    <TestApiProvider
      apis={[
        [kubernetesAccessApiRef, api],
        [catalogApiRef, catalogApiMock()],
        ...(signals ? [[signalApiRef, signals] as const] : []),
      ]}
    >
      <Routes>
        <Route path={`${mountedAt}/*`} element={content} />
      </Routes>
    </TestApiProvider>,
    {
      routeEntries: [address ?? mountedAt],
      mountedRoutes: {
        '/kubernetes-access': rootRouteRef,
        ...(tabAt ? { [tabAt]: entityContentRouteRef } : {}),
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      },
    },
  );
}
