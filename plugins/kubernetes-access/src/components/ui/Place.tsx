import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type {
  AccessRequestTarget,
  ClusterSummary,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { kubernetesAccessTranslationRef } from '../../translation';

/** Where pods are: `Production ▸ payments`. */
export function Place(props: {
  cluster: ClusterSummary;
  targets: Array<Pick<AccessRequestTarget, 'namespace'>>;
}) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  return (
    <>
      {t('ui.place', {
        cluster: props.cluster.title,
        namespace: props.targets.map(({ namespace }) => namespace).join(', '),
      })}
    </>
  );
}
