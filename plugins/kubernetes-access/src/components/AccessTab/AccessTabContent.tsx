import { useApi } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessSignal } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { useCallback, useRef } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { useFocusRescue, useLive } from '../../hooks';
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
  const api = useApi(kubernetesAccessApiRef);
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const load = useCallback(
    () => api.getEntityAccess(entityRef),
    [api, entityRef],
  );
  const concerns = useCallback(
    (signal: AccessSignal) => signal.entityRef === entityRef,
    [entityRef],
  );
  const live = useLive(load, concerns);
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
