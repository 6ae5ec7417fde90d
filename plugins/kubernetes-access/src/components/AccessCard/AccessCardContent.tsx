import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useEntityAccess } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ErrorNotice, Loading, StaleNotice } from '../ui';
import { CardLines } from './CardLines';

interface AccessCardContentProps {
  entityRef: string;
  /** What people call the entity. */
  title: string;
}

export function AccessCardContent({
  entityRef,
  title,
}: AccessCardContentProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const live = useEntityAccess(entityRef);

  switch (live.status) {
    case 'loading':
      return <Loading lines={2} />;
    case 'failed':
      return (
        <ErrorNotice
          title={t('access.failed')}
          error={live.error}
          onRetry={live.refresh}
        />
      );
    default:
      return (
        <section aria-live="polite" aria-label={t('access.state')}>
          <StaleNotice error={live.error} />
          <CardLines access={live.value} title={title} refresh={live.refresh} />
        </section>
      );
  }
}
