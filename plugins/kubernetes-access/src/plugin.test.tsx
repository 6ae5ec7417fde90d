import type { Entity } from '@backstage/catalog-model';
import { coreExtensionData } from '@backstage/frontend-plugin-api';
import {
  createExtensionTester,
  renderInTestApp as renderInNewApp,
} from '@backstage/frontend-test-utils';
import {
  catalogApiRef,
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { renderInTestApp, TestApiProvider } from '@backstage/test-utils';
import { screen } from '@testing-library/react';
import { Route, Routes } from 'react-router-dom';
import alphaPlugin from './alpha';
import { kubernetesAccessApiRef } from './api';
import {
  EntityKubernetesAccessContent,
  isKubernetesAccessAvailable,
  KubernetesAccessPage,
  KubernetesAccessSidebarItem,
} from './index';
import { FakeKubernetesAccessApi } from './testUtils/FakeKubernetesAccessApi';
import { activeRequest, waitingRequest } from './testUtils/accessRequests';

const ANNOTATION = 'backstage.io/kubernetes-id';

function entity(
  kind: string,
  annotations: Record<string, string> = {},
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name: 'payments-api', namespace: 'default', annotations },
    spec: {},
  };
}

const annotated = entity('Component', { [ANNOTATION]: 'payments-api' });

async function renderLegacy(
  element: JSX.Element,
  api = new FakeKubernetesAccessApi({
    user: 'user:default/olga',
    requests: [waitingRequest()],
  }),
) {
  await renderInTestApp(
    <TestApiProvider
      apis={[
        [kubernetesAccessApiRef, api],
        [catalogApiRef, catalogApiMock()],
      ]}
    >
      {element}
    </TestApiProvider>,
    {
      routeEntries: ['/access'],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
}

describe('the plugin in a legacy app', () => {
  it('brings the tab, the page and the item in the sidebar', async () => {
    await renderLegacy(
      <>
        <KubernetesAccessSidebarItem />
        <Routes>
          <Route
            path="/access"
            element={
              <EntityProvider entity={annotated}>
                <EntityKubernetesAccessContent />
              </EntityProvider>
            }
          />
          <Route path="/kubernetes-access" element={<KubernetesAccessPage />} />
        </Routes>
      </>,
    );
    expect(
      await screen.findByText('You have no access to payments-api.'),
    ).toBeVisible();
    expect(
      await screen.findByTitle('1 request waits for you'),
    ).toHaveTextContent('1');
  });

  it('shows the tab in an app that left out the page', async () => {
    await renderLegacy(
      <Routes>
        <Route
          path="/access/*"
          element={
            <EntityProvider entity={annotated}>
              <EntityKubernetesAccessContent />
            </EntityProvider>
          }
        />
      </Routes>,
      new FakeKubernetesAccessApi({
        user: 'user:default/ada',
        requests: [activeRequest()],
      }),
    );
    expect(
      await screen.findByRole('button', { name: 'Open terminal' }),
    ).toBeVisible();
    expect(screen.queryByText('Details')).not.toBeInTheDocument();
  });
});

describe('the plugin in an app on the new front-end system', () => {
  it('brings the tab', async () => {
    const tester = createExtensionTester(
      alphaPlugin.getExtension('entity-content:kubernetes-access/access'),
    );
    renderInNewApp(
      <EntityProvider entity={annotated}>
        <TestApiProvider
          apis={[
            [kubernetesAccessApiRef, new FakeKubernetesAccessApi()],
            [catalogApiRef, catalogApiMock()],
          ]}
        >
          {tester.reactElement()}
        </TestApiProvider>
      </EntityProvider>,
      {
        mountedRoutes: {
          '/kubernetes-access': alphaPlugin.routes.root,
          '/catalog/:namespace/:kind/:name': entityRouteRef,
        },
      },
    );
    expect(
      await screen.findByText('You have no access to payments-api.'),
    ).toBeVisible();
  });

  it('brings the card for the overview, which is off until the app turns it on', () => {
    const card = alphaPlugin.getExtension(
      'entity-card:kubernetes-access/access',
    );
    expect(card).toMatchObject({ disabled: true });
  });

  it('brings the page, with an icon and thereby a navigation item', () => {
    const page = createExtensionTester(
      alphaPlugin.getExtension('page:kubernetes-access'),
    );
    expect(page.get(coreExtensionData.routePath)).toBe('/kubernetes-access');
    expect(page.get(coreExtensionData.icon)).toBeDefined();
  });
});

describe('the tab', () => {
  it.each([
    ['a component', entity('Component'), true],
    ['a component that names pods', annotated, true],
    [
      'a resource that names pods',
      entity('Resource', { [ANNOTATION]: 'x' }),
      true,
    ],
    ['a resource that does not', entity('Resource'), false],
    ['an API', entity('API', { [ANNOTATION]: 'x' }), false],
    ['a group', entity('Group', { [ANNOTATION]: 'x' }), false],
  ])('belongs on %s: %s', (_, subject, isAvailable) => {
    expect(isKubernetesAccessAvailable(subject)).toBe(isAvailable);
  });
});
