import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useRef } from 'react';
import { useEntityAccess, useFocusRescue } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ErrorNotice, StaleNotice } from '../ui';
import { AccessRoutes } from './AccessRoutes';
import { AccessSkeleton } from './AccessSkeleton';
import { StateLines } from './StateLines';

interface AccessTabContentProps {
  entityRef: string;
  /** What people call the entity. */
  title: string;
}

/** Where the reader stands with an entity, and what can be done about it. */
export function AccessTabContent({ entityRef, title }: AccessTabContentProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const live = useEntityAccess(entityRef);
  const stateRef = useRef<HTMLElement>(null);
  const rescue = useFocusRescue(stateRef);

  switch (live.status) {
    case 'loading':
      return <AccessSkeleton />;
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
        <div {...rescue}>
          <StaleNotice error={live.error} />
          <StateLines
            sectionRef={stateRef}
            access={live.value}
            title={title}
            refresh={live.refresh}
          />
          <AccessRoutes
            access={live.value}
            title={title}
            refresh={live.refresh}
          />
        </div>
      );
  }
}
