import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import {
  KUBERNETES_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION,
} from '@backstage/plugin-kubernetes-common';
import { entityContentRouteRef } from '../routes';

/** The filter says what isKubernetesAccessAvailable says, in a form that the catalog can show and override. */
export const entityAccessContent = EntityContentBlueprint.make({
  name: 'access',
  params: {
    path: '/access',
    title: 'Access',
    group: 'operation',
    routeRef: entityContentRouteRef,
    filter: {
      $any: [
        { kind: 'component' },
        {
          kind: 'resource',
          [`metadata.annotations.${KUBERNETES_ANNOTATION}`]: { $exists: true },
        },
        {
          kind: 'resource',
          [`metadata.annotations.${KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION}`]:
            { $exists: true },
        },
      ],
    },
    loader: () => import('../components/AccessTab').then(m => <m.AccessTab />),
  },
});
