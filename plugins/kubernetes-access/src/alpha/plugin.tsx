import { createFrontendPlugin } from '@backstage/frontend-plugin-api';
import { AccessIcon } from '../components/NavIcon';
import { entityContentRouteRef, rootRouteRef } from '../routes';
import { kubernetesAccessApi } from './apis';
import { entityAccessContent } from './entityContents';
import { kubernetesAccessPage } from './pages';

/**
 * The plugin for apps on the new front-end system: the tab on entity pages, the top-level page and its navigation item.
 * @alpha
 */
export const kubernetesAccessPlugin = createFrontendPlugin({
  pluginId: 'kubernetes-access',
  title: 'Kubernetes access',
  icon: <AccessIcon />,
  info: { packageJson: () => import('../../package.json') },
  extensions: [kubernetesAccessApi, entityAccessContent, kubernetesAccessPage],
  routes: { root: rootRouteRef, entityContent: entityContentRouteRef },
});
