import { createFrontendPlugin } from '@backstage/frontend-plugin-api';
import { AccessIcon } from '../components/NavIcon';
import { entityContentRouteRef, rootRouteRef } from '../routes';
import { kubernetesAccessApi } from './apis';
import { entityAccessCard } from './entityCards';
import { entityAccessContent } from './entityContents';
import { kubernetesAccessPage } from './pages';

/**
 * The plugin for apps on the new front-end system: the tab on entity pages, the top-level page and its navigation item, and a
 * card for the overview of entities, which is off by default.
 * @alpha
 */
export const kubernetesAccessPlugin = createFrontendPlugin({
  pluginId: 'kubernetes-access',
  title: 'Kubernetes access',
  icon: <AccessIcon />,
  info: { packageJson: () => import('../../package.json') },
  extensions: [
    kubernetesAccessApi,
    entityAccessContent,
    entityAccessCard,
    kubernetesAccessPage,
  ],
  routes: { root: rootRouteRef, entityContent: entityContentRouteRef },
});
