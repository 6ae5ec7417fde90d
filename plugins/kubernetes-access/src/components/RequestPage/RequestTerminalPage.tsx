import { Link, LinkButton } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityDisplayName } from '@backstage/plugin-catalog-react';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import ArrowBackIcon from '@material-ui/icons/ArrowBack';
import { lazy, Suspense, useState } from 'react';
import { useParams } from 'react-router-dom';
import { isNotFound } from '../../format';
import { requestRouteRef } from '../../routes';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Blank, ErrorNotice, Loading } from '../ui';
import { NoSuchRequest, useRequest } from './RequestPage';

const TerminalTab = lazy(() =>
  import('../Terminal').then(m => ({ default: m.TerminalTab })),
);

const useStyles = makeStyles((theme: Theme) => ({
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    justifyContent: 'space-between',
    columnGap: theme.spacing(2),
    marginBottom: theme.spacing(2),
  },
  back: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
  },
}));

/** The terminal of one request, for links that do not depend on where an app shows the entity's tab. */
export function RequestTerminalPage() {
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
      return <TerminalOf request={live.value} refresh={live.refresh} />;
  }
}

interface TerminalOfProps {
  request: AccessRequestDetail;
  refresh(): void;
}

function TerminalOf({ request, refresh }: TerminalOfProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const requestLink = useRouteRef(requestRouteRef)({ id: request.id });
  // What was on the screen stays there when the access ends.
  const [wasOpen, setWasOpen] = useState(false);
  if (request.actions.openSession && !wasOpen) {
    setWasOpen(true);
  }
  return (
    <>
      <header className={classes.head}>
        <Typography variant="h5" component="h2">
          {t('requestPage.terminalTitle', {
            entity: (
              <EntityDisplayName entityRef={request.entityRef} hideIcon />
            ),
          })}
        </Typography>
        <Typography variant="body2" component="div">
          <Link to={requestLink} className={classes.back}>
            <ArrowBackIcon fontSize="small" />
            {t('requestPage.terminalBack')}
          </Link>
        </Typography>
      </header>
      {wasOpen ? (
        <Suspense fallback={<Loading lines={8} />}>
          <TerminalTab
            requests={request.actions.openSession ? [request] : []}
            refresh={refresh}
          />
        </Suspense>
      ) : (
        <Blank
          title={t(`requestPage.${whyClosed(request)}`)}
          action={
            <LinkButton variant="outlined" color="primary" to={requestLink}>
              {t('requestPage.terminalBack')}
            </LinkButton>
          }
        />
      )}
    </>
  );
}

function whyClosed({ phase }: AccessRequestDetail) {
  switch (phase) {
    case 'Pending':
      return 'terminalWaits';
    case 'Approved':
      return 'terminalStarting';
    case 'Active':
      return 'terminalNotYours';
    default:
      return 'terminalOver';
  }
}
