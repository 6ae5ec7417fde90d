import { PageBlueprint } from '@backstage/frontend-plugin-api';
import { NavIcon } from '../components/NavIcon';
import { rootRouteRef } from '../routes';

export const kubernetesAccessPage = PageBlueprint.make({
  params: {
    path: '/kubernetes-access',
    routeRef: rootRouteRef,
    // Navigation items show the page's icon; this one counts what waits for the user.
    icon: <NavIcon />,
    loader: () =>
      import('../components/KubernetesAccessPage').then(m => (
        <m.KubernetesAccessPage />
      )),
  },
});
