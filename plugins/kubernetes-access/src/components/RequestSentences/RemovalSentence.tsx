import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { RemovalSummary } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { kubernetesAccessTranslationRef } from '../../translation';

/** What is left to be cleaned up in the cluster, if anything. It is apart from the phase: use is over before. */
export function RemovalSentence({ removal }: { removal: RemovalSummary }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  switch (removal.state) {
    case 'removing':
      return <>{t('sentences.removing')}</>;
    case 'failing':
      return (
        <>
          {t('sentences.removalFailing')} {removal.message}
        </>
      );
    default:
      return null;
  }
}
