import { EmptyState, InfoCard, LinkButton } from '@backstage/core-components';
import { useApi, useRouteRef } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessSignal } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Grid from '@material-ui/core/Grid';
import { useCallback } from 'react';
import { useParams } from 'react-router-dom';
import { kubernetesAccessApiRef } from '../../api';
import { isNotFound } from '../../format';
import { useLive } from '../../hooks';
import { rootRouteRef } from '../../routes';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ErrorNotice, Loading, StaleNotice } from '../ui';
import { RequestFacts } from './RequestFacts';
import { RequestHeader } from './RequestHeader';
import { Timeline } from './Timeline';

/** The page of one request: what was asked, what happened and what can be done. */
export function RequestPage() {
  const { id = '' } = useParams();
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const live = useRequest(id);
  switch (live.status) {
    case 'loading':
      return <Loading lines={8} />;
    case 'failed':
      return isNotFound(live.error) ? (
        <NoSuchRequest />
      ) : (
        <ErrorNotice
          title={t('requestPage.failed')}
          error={live.error}
          onRetry={live.refresh}
        />
      );
    default:
      return (
        <>
          <StaleNotice error={live.error} />
          <RequestHeader request={live.value} onChanged={live.refresh} />
          <Grid container spacing={3}>
            <Grid item xs={12} md={6}>
              <InfoCard title={t('requestPage.facts')}>
                <RequestFacts request={live.value} />
              </InfoCard>
            </Grid>
            <Grid item xs={12} md={6}>
              <InfoCard title={t('requestPage.timeline')}>
                <Timeline request={live.value} />
              </InfoCard>
            </Grid>
          </Grid>
        </>
      );
  }
}

/** One request with its history, kept fresh. */
export function useRequest(id: string) {
  const api = useApi(kubernetesAccessApiRef);
  return useLive(
    useCallback(() => api.getRequest(id), [api, id]),
    useCallback((signal: AccessSignal) => signal.requestId === id, [id]),
  );
}

/** Whoever may not see a request learns no more about it than that. */
export function NoSuchRequest() {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const rootLink = useRouteRef(rootRouteRef);
  return (
    <EmptyState
      missing="content"
      title={t('requestPage.notFound')}
      description={t('requestPage.notFoundWhy')}
      action={
        <LinkButton variant="contained" color="primary" to={rootLink()}>
          {t('requestPage.notFoundNext')}
        </LinkButton>
      }
    />
  );
}
