import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { ClusterStatus } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import Alert from '@material-ui/lab/Alert';
import { useId } from 'react';
import { durationInWords } from '../../format';
import { useLanguage } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Fact, Facts } from '../ui';
import { ClusterRights } from './ClusterRights';
import { ClusterState } from './ClusterState';

/** The controller needs moments for everything; that is nothing to speak of. */
const BEHIND_FROM_SECONDS = 5;

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'grid',
    gap: theme.spacing(2),
    gridTemplateColumns: 'minmax(0, 1fr)',
    padding: theme.spacing(2.5),
  },
  header: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1, 2),
  },
}));

/** One cluster: whether it can be used, who looks after it, what is outstanding, and what we may do there. */
export function ClusterCard({ cluster }: { cluster: ClusterStatus }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const titleId = useId();
  return (
    <Paper
      component="article"
      variant="outlined"
      aria-labelledby={titleId}
      className={classes.root}
    >
      <div className={classes.header}>
        <Typography id={titleId} variant="h6" component="h2">
          {cluster.title}
        </Typography>
        <ClusterState state={cluster.state} />
      </div>
      {cluster.message && (
        <Alert
          severity={cluster.state === 'connecting' ? 'info' : 'error'}
          variant="outlined"
        >
          {cluster.message} {t('page.clusterNobodyIn')}
        </Alert>
      )}
      <Facts>
        <Fact label={t('page.clusterLeader')}>
          <Leader leader={cluster.leader} />
        </Fact>
        <Fact label={t('page.clusterAccess')}>
          {cluster.grants
            ? t('page.clusterActive', { count: cluster.grants.active })
            : t('page.clusterUnknown')}
        </Fact>
        {cluster.grants && (
          <Fact label={t('page.clusterLag')}>
            <Outstanding grants={cluster.grants} />
          </Fact>
        )}
        <Fact label={t('page.clusterRights')}>
          <ClusterRights rights={cluster.rights} />
        </Fact>
      </Facts>
    </Paper>
  );
}

function Leader({ leader }: Pick<ClusterStatus, 'leader'>) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  if (!leader) {
    return <>{t('page.clusterLeaderNone')}</>;
  }
  const { host, isThisReplica } = leader;
  if (!host) {
    return (
      <>
        {isThisReplica
          ? t('page.clusterLeaderThisOne')
          : t('page.clusterLeaderUnknown')}
      </>
    );
  }
  return <>{isThisReplica ? t('page.clusterLeaderThis', { host }) : host}</>;
}

function Outstanding(props: { grants: NonNullable<ClusterStatus['grants']> }) {
  const { toMake, toRemove, behindSeconds } = props.grants;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  if (toMake + toRemove === 0) {
    return <>{t('page.clusterLagNone')}</>;
  }
  const parts = [
    ...(toMake > 0 ? [t('page.clusterToMake', { count: toMake })] : []),
    ...(toRemove > 0 ? [t('page.clusterToRemove', { count: toRemove })] : []),
    ...(behindSeconds >= BEHIND_FROM_SECONDS
      ? [
          t('page.clusterBehind', {
            time: durationInWords(
              behindSeconds < 60
                ? behindSeconds
                : Math.floor(behindSeconds / 60) * 60,
              language,
            ),
          }),
        ]
      : []),
  ];
  return <>{parts.join(', ')}</>;
}
