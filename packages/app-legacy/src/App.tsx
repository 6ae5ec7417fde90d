import { createApp } from '@backstage/app-defaults';
import { AppRouter, FlatRoutes } from '@backstage/core-app-api';
import { AlertDisplay } from '@backstage/core-components';
import { CatalogEntityPage, CatalogIndexPage } from '@backstage/plugin-catalog';
import { KubernetesAccessPage } from '@kubernetes-access/backstage-plugin-kubernetes-access';
import { Navigate, Route } from 'react-router-dom';
import { apis } from './apis';
import { entityPage } from './entityPage';
import { Root } from './Root';
import { SignInPage } from './SignInPage';

/**
 * A small app on the legacy front-end system, for the tests: the catalog, and what the plugin's documentation says to
 * add. It has no signals, so that pages ask for news by themselves.
 */
const app = createApp({ apis, components: { SignInPage } });

export const App = app.createRoot(
  <>
    <AlertDisplay />
    <AppRouter>
      <Root>
        <FlatRoutes>
          <Route path="/" element={<Navigate to="catalog" />} />
          <Route path="/catalog" element={<CatalogIndexPage />} />
          <Route
            path="/catalog/:namespace/:kind/:name"
            element={<CatalogEntityPage />}
          >
            {entityPage}
          </Route>
          <Route path="/kubernetes-access" element={<KubernetesAccessPage />} />
        </FlatRoutes>
      </Root>
    </AppRouter>
  </>,
);
