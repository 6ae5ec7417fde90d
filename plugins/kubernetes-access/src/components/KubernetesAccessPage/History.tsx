import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessRequestPage } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Button from '@material-ui/core/Button';
import List from '@material-ui/core/List';
import Paper from '@material-ui/core/Paper';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import { useCallback } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Blank, ErrorNotice, StaleNotice } from '../ui';
import { ExportButtons } from './ExportButtons';
import { HistoryFilterBar } from './HistoryFilterBar';
import { isFiltered, queryOf } from './historyFilters';
import { HistoryTable } from './HistoryTable';
import { RequestRow } from './RequestRow';
import { RowsSkeleton } from './RowsSkeleton';
import { useHistory } from './useHistory';
import { useHistoryFilters } from './useHistoryFilters';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'grid',
    gap: theme.spacing(2),
    gridTemplateColumns: 'minmax(0, 1fr)',
  },
  /** What is shown is that of before: the next comes at once. */
  old: { opacity: 0.6 },
  foot: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(2),
  },
  pages: { display: 'flex', gap: theme.spacing(1) },
}));

/** Everything that was ever asked for, as far as the reader may see it. */
export function History() {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const address = useHistoryFilters();
  const { filters } = address;
  const { live, page, isLoading } = useHistory(filters);
  const { search, phase, since } = filters;
  const query = useCallback(
    () => queryOf({ search, phase, since }, new Date()),
    [search, phase, since],
  );
  return (
    <div className={classes.root}>
      <HistoryFilterBar
        filters={filters}
        narrow={address.narrow}
        clear={address.clear}
      />
      {live.status === 'failed' && (
        <ErrorNotice
          title={t('page.historyFailed')}
          error={live.error}
          onRetry={live.refresh}
        />
      )}
      {isLoading && !page && <RowsSkeleton />}
      <StaleNotice error={live.status === 'ready' ? live.error : undefined} />
      {page && (
        <div
          aria-busy={isLoading}
          className={`${classes.root} ${isLoading ? classes.old : ''}`}
        >
          <Shown page={page} address={address} />
          <div className={classes.foot}>
            <Pages page={page} address={address} />
            {page.items.length > 0 && <ExportButtons query={query} />}
          </div>
        </div>
      )}
    </div>
  );
}

interface ShownProps {
  page: AccessRequestPage;
  address: ReturnType<typeof useHistoryFilters>;
}

function Shown({ page: { items }, address }: ShownProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const theme = useTheme();
  const isWide = useMediaQuery(theme.breakpoints.up('lg'), { noSsr: true });
  if (items.length === 0) {
    return isFiltered(address.filters) || address.filters.after ? (
      <Blank
        title={t('page.historyNoMatch')}
        action={
          // Beside the filters there is one already.
          !isFiltered(address.filters) && (
            <Button variant="outlined" onClick={address.clear}>
              {t('page.historyClear')}
            </Button>
          )
        }
      >
        {t('page.historyNoMatchWhy')}
      </Blank>
    ) : (
      <Blank title={t('page.historyEmpty')}>{t('page.historyEmptyWhy')}</Blank>
    );
  }
  return (
    <Paper variant="outlined">
      {isWide ? (
        <HistoryTable requests={items} />
      ) : (
        <List disablePadding aria-label={t('page.historyTable')}>
          {items.map(request => (
            <RequestRow key={request.id} request={request} showsWho />
          ))}
        </List>
      )}
    </Paper>
  );
}

function Pages({ page: { nextCursor }, address }: ShownProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const isFirst = !address.filters.after;
  if (isFirst && !nextCursor) {
    return <span />;
  }
  return (
    <nav aria-label={t('page.historyPages')} className={classes.pages}>
      <Button
        variant="outlined"
        size="small"
        disabled={isFirst}
        onClick={address.newer}
      >
        {isFirst || address.hasTrail
          ? t('page.historyNewer')
          : t('page.historyNewest')}
      </Button>
      <Button
        variant="outlined"
        size="small"
        disabled={!nextCursor}
        onClick={() => nextCursor && address.older(nextCursor)}
      >
        {t('page.historyOlder')}
      </Button>
    </nav>
  );
}
