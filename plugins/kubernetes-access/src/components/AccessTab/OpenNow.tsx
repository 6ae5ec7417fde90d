import { useApi } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type {
  AccessRequest,
  AccessSignal,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import List from '@material-ui/core/List';
import ListItem from '@material-ui/core/ListItem';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { useCallback } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { useLive } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { RevokeAction } from '../RequestActions';
import {
  DetailsLink,
  ErrorNotice,
  Person,
  PhaseLabel,
  Place,
  TimeOfDay,
} from '../ui';

const MAX_ROWS = 50;

const useStyles = makeStyles((theme: Theme) => ({
  list: { marginTop: theme.spacing(1), padding: 0 },
  row: { flexWrap: 'wrap', gap: theme.spacing(1, 2) },
  phase: { width: 112 },
  who: { flexGrow: 1 },
}));

/** Who has access to an entity now or is about to get it, for those who may see that. */
export function OpenNow({ entityRef }: { entityRef: string }) {
  const api = useApi(kubernetesAccessApiRef);
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const load = useCallback(
    () =>
      api.listRequests({
        scope: 'all',
        entityRef,
        open: true,
        limit: MAX_ROWS,
      }),
    [api, entityRef],
  );
  const concerns = useCallback(
    (signal: AccessSignal) => signal.entityRef === entityRef,
    [entityRef],
  );
  const live = useLive(load, concerns);
  if (live.status === 'loading') {
    return null;
  }
  if (live.status === 'failed') {
    return (
      <ErrorNotice
        title={t('access.openNowFailed')}
        error={live.error}
        onRetry={live.refresh}
      />
    );
  }
  // What waits for the reader stands above, with more to it.
  const rows = live.value.items.filter(({ actions }) => !actions.decide);
  return (
    <section>
      <Typography variant="h6" component="h2">
        {t('access.openNow')}
      </Typography>
      {rows.length === 0 ? (
        <Typography variant="body2">{t('access.openNowNone')}</Typography>
      ) : (
        <Paper component={List} variant="outlined" className={classes.list}>
          {rows.map(request => (
            <OpenRow
              key={request.id}
              request={request}
              onChanged={live.refresh}
            />
          ))}
        </Paper>
      )}
    </section>
  );
}

function OpenRow(props: { request: AccessRequest; onChanged(): void }) {
  const { request } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  return (
    <ListItem className={classes.row}>
      <span className={classes.phase}>
        <PhaseLabel phase={request.phase} />
      </span>
      <Typography variant="body2" className={classes.who}>
        <Person entityRef={request.requester} />
        {' · '}
        <Place cluster={request.cluster} targets={request.targets} />
        {request.expiresAt && (
          <>
            {' · '}
            {t('access.openNowUntil', {
              time: <TimeOfDay at={request.expiresAt} />,
            })}
          </>
        )}
        <DetailsLink requestId={request.id} label={t('access.details')} />
      </Typography>
      <RevokeAction request={request} onChanged={props.onChanged} />
    </ListItem>
  );
}
