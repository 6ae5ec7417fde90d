import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useApi } from '@backstage/core-plugin-api';
import List from '@material-ui/core/List';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { useCallback } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { useLive } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Blank, ErrorNotice, StaleNotice } from '../ui';
import { LiveRow } from './LiveRow';
import { RowsSkeleton } from './RowsSkeleton';

/** More than this nobody watches at once. */
const MAX_ROWS = 100;

/** The open terminals that the reader may know of, kept fresh. */
export function useLiveSessions() {
  const api = useApi(kubernetesAccessApiRef);
  return useLive(
    useCallback(() => api.listLiveSessions({ limit: MAX_ROWS }), [api]),
  );
}

/** Who is in now. */
export function Live() {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const live = useLiveSessions();
  switch (live.status) {
    case 'loading':
      return <RowsSkeleton rows={3} />;
    case 'failed':
      return (
        <ErrorNotice
          title={t('page.liveFailed')}
          error={live.error}
          onRetry={live.refresh}
        />
      );
    default:
      break;
  }
  const { items, nextCursor } = live.value;
  return (
    <>
      <StaleNotice error={live.error} />
      {items.length === 0 ? (
        <Blank title={t('page.liveEmpty')}>{t('page.liveEmptyWhy')}</Blank>
      ) : (
        <Paper variant="outlined">
          <List disablePadding aria-label={t('page.live')}>
            {items.map(item => (
              <LiveRow
                key={item.session.id}
                item={item}
                onChanged={live.refresh}
              />
            ))}
          </List>
        </Paper>
      )}
      {nextCursor && (
        <Typography variant="body2" color="textSecondary">
          {t('page.liveMore', { shown: String(items.length) })}
        </Typography>
      )}
    </>
  );
}
