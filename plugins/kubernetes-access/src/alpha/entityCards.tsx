import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import {
  KUBERNETES_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION,
} from '@backstage/plugin-kubernetes-common';

/** Off until the app's configuration names it: it asks the back end on every overview that it is on. */
export const entityAccessCard = EntityCardBlueprint.make({
  name: 'access',
  disabled: true,
  params: {
    type: 'info',
    filter: {
      $any: [
        {
          kind: { $in: ['component', 'resource'] },
          [`metadata.annotations.${KUBERNETES_ANNOTATION}`]: { $exists: true },
        },
        {
          kind: { $in: ['component', 'resource'] },
          [`metadata.annotations.${KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION}`]:
            { $exists: true },
        },
      ],
    },
    loader: () =>
      import('../components/AccessCard').then(m => <m.AccessCard />),
  },
});
