import { InfoCard } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { isTerminal } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Button from '@material-ui/core/Button';
import List from '@material-ui/core/List';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Blank, ErrorNotice, StaleNotice } from '../ui';
import { RequestRow } from './RequestRow';
import { RowsSkeleton } from './RowsSkeleton';
import { useMine } from './useMine';

const useStyles = makeStyles((theme: Theme) => ({
  section: { marginBottom: theme.spacing(3) },
}));

/** What the user has asked for: first what goes on, then what is over. */
export function Mine() {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const { live, more } = useMine();
  switch (live.status) {
    case 'loading':
      return <RowsSkeleton />;
    case 'failed':
      return (
        <ErrorNotice
          title={t('page.mineFailed')}
          error={live.error}
          onRetry={live.refresh}
        />
      );
    default:
      break;
  }
  const { items, hasMore } = live.value;
  if (items.length === 0) {
    return <Blank title={t('page.mineEmpty')}>{t('page.mineEmptyWhy')}</Blank>;
  }
  return (
    <>
      <StaleNotice error={live.error} />
      <Section
        title={t('page.mineOpen')}
        requests={items.filter(({ phase }) => !isTerminal(phase))}
      />
      <Section
        title={t('page.mineEnded')}
        requests={items.filter(({ phase }) => isTerminal(phase))}
      />
      {hasMore && (
        <Button
          variant="outlined"
          disabled={more.isRunning}
          onClick={() => more.run()}
        >
          {t('page.mineMore')}
        </Button>
      )}
    </>
  );
}

function Section(props: { title: string; requests: AccessRequest[] }) {
  const classes = useStyles();
  return props.requests.length > 0 ? (
    <section className={classes.section}>
      <InfoCard title={props.title} noPadding>
        <List disablePadding>
          {props.requests.map(request => (
            <RequestRow key={request.id} request={request} />
          ))}
        </List>
      </InfoCard>
    </section>
  ) : null;
}
