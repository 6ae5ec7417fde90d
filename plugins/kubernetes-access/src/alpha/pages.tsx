import { PageBlueprint } from '@backstage/frontend-plugin-api';
import { rootRouteRef } from '../routes';

export const kubernetesAccessPage = PageBlueprint.make({
  params: {
    path: '/kubernetes-access',
    routeRef: rootRouteRef,
    loader: () =>
      import('../components/KubernetesAccessPage').then(m => (
        <m.KubernetesAccessPage />
      )),
  },
});
