import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useApi } from '@backstage/core-plugin-api';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { useCallback } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { isNotFound } from '../../format';
import { useLive } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Blank, ErrorNotice, StaleNotice } from '../ui';
import { ClusterCard } from './ClusterCard';
import { RowsSkeleton } from './RowsSkeleton';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'grid',
    gap: theme.spacing(2),
    gridTemplateColumns: 'minmax(0, 1fr)',
    maxWidth: 880,
  },
}));

/** How the clusters are, for admins. */
export function Clusters() {
  const api = useApi(kubernetesAccessApiRef);
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const live = useLive(useCallback(() => api.listClusters(), [api]));
  if (live.status === 'loading') {
    return <RowsSkeleton rows={3} />;
  }
  if (live.status === 'failed') {
    return isNotFound(live.error) ? (
      <Blank title={t('page.clustersRefused')}>
        {t('page.clustersRefusedWhy')}
      </Blank>
    ) : (
      <ErrorNotice
        title={t('page.clustersFailed')}
        error={live.error}
        onRetry={live.refresh}
      />
    );
  }
  return (
    <div className={classes.root}>
      <StaleNotice error={live.error} />
      {live.value.length === 0 && (
        <Blank title={t('page.clustersEmpty')}>
          {t('page.clustersEmptyWhy')}
        </Blank>
      )}
      {live.value.map(cluster => (
        <ClusterCard key={cluster.name} cluster={cluster} />
      ))}
    </div>
  );
}
