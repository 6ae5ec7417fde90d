import { PageBlueprint, PageLayout } from '@backstage/frontend-plugin-api';
import { AccessIcon, NavIcon } from '../components/NavIcon';
import { rootRouteRef } from '../routes';

const TITLE = 'Kubernetes access';

export const kubernetesAccessPage = PageBlueprint.makeWithOverrides({
  factory(originalFactory, { config }) {
    return originalFactory({
      path: '/kubernetes-access',
      routeRef: rootRouteRef,
      // Navigation items show the page's icon; this one counts what waits for the user.
      icon: <NavIcon />,
      // A header of its own, or the number would stand there as well.
      noHeader: true,
      loader: async () => {
        const { KubernetesAccessPage } = await import(
          '../components/KubernetesAccessPage'
        );
        return (
          <PageLayout title={config.title ?? TITLE} icon={<AccessIcon />}>
            <KubernetesAccessPage />
          </PageLayout>
        );
      },
    });
  },
});
