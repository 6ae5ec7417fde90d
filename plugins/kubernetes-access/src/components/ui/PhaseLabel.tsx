import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessRequestPhase } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import BlockIcon from '@material-ui/icons/Block';
import CheckIcon from '@material-ui/icons/Check';
import ErrorIcon from '@material-ui/icons/ErrorOutline';
import HourglassIcon from '@material-ui/icons/HourglassEmpty';
import LockIcon from '@material-ui/icons/LockOutlined';
import LockOpenIcon from '@material-ui/icons/LockOpen';
import { kubernetesAccessTranslationRef } from '../../translation';

/** A phase looks and reads the same everywhere. However it ended, ended is ended; how is told beside it. */
const LOOKS = {
  Pending: { key: 'phasePending', tone: 'waiting', Icon: HourglassIcon },
  Approved: { key: 'phaseApproved', tone: 'agreed', Icon: CheckIcon },
  Active: { key: 'phaseActive', tone: 'active', Icon: LockOpenIcon },
  Expired: { key: 'phaseEnded', tone: 'over', Icon: LockIcon },
  Revoked: { key: 'phaseEnded', tone: 'over', Icon: LockIcon },
  Cancelled: { key: 'phaseEnded', tone: 'over', Icon: LockIcon },
  Denied: { key: 'phaseDenied', tone: 'refused', Icon: BlockIcon },
  Failed: { key: 'phaseFailed', tone: 'refused', Icon: ErrorIcon },
} as const satisfies Record<AccessRequestPhase, object>;

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    whiteSpace: 'nowrap',
    fontWeight: 600,
  },
  // The word keeps the colour of the text: amber and green are too pale to be read.
  waiting: { color: theme.palette.warning.main },
  agreed: { color: theme.palette.info.main },
  active: { color: theme.palette.success.main },
  over: { color: theme.palette.text.secondary },
  refused: { color: theme.palette.error.main },
}));

/** Where a request stands, as an icon and a word. */
export function PhaseLabel({ phase }: { phase: AccessRequestPhase }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const { key, tone, Icon } = LOOKS[phase];
  return (
    <Typography variant="body2" component="span" className={classes.root}>
      <Icon fontSize="small" className={classes[tone]} aria-hidden />
      {t(`ui.${key}`)}
    </Typography>
  );
}
