import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { ClusterStatus } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import BlockIcon from '@material-ui/icons/Block';
import CheckIcon from '@material-ui/icons/CheckCircleOutline';
import CloudOffIcon from '@material-ui/icons/CloudOff';
import HourglassIcon from '@material-ui/icons/HourglassEmpty';
import LockIcon from '@material-ui/icons/LockOutlined';
import { kubernetesAccessTranslationRef } from '../../translation';

const LOOKS = {
  connecting: { key: 'clusterConnecting', tone: 'waits', Icon: HourglassIcon },
  ready: { key: 'clusterReady', tone: 'good', Icon: CheckIcon },
  unreachable: { key: 'clusterUnreachable', tone: 'bad', Icon: CloudOffIcon },
  unsupported: { key: 'clusterUnsupported', tone: 'bad', Icon: BlockIcon },
  suspended: { key: 'clusterSuspended', tone: 'bad', Icon: LockIcon },
} as const satisfies Record<ClusterStatus['state'], object>;

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    whiteSpace: 'nowrap',
    fontWeight: 600,
  },
  waits: { color: theme.palette.warning.main },
  good: { color: theme.palette.success.main },
  bad: { color: theme.palette.error.main },
}));

/** How a cluster is, as an icon and a word, as phases are told. */
export function ClusterState({ state }: Pick<ClusterStatus, 'state'>) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const { key, tone, Icon } = LOOKS[state];
  return (
    <Typography variant="body2" component="span" className={classes.root}>
      <Icon fontSize="small" className={classes[tone]} aria-hidden />
      {t(`page.${key}`)}
    </Typography>
  );
}
