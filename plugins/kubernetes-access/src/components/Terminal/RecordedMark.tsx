import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Tooltip from '@material-ui/core/Tooltip';
import { makeStyles } from '@material-ui/core/styles';
import RecordedIcon from '@material-ui/icons/FiberManualRecord';
import { kubernetesAccessTranslationRef } from '../../translation';

const useStyles = makeStyles(theme => ({
  root: { display: 'inline-flex', color: theme.palette.error.main },
  icon: { fontSize: 14 },
}));

/** That a session is recorded, for as long as it is. */
export function RecordedMark() {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  return (
    <Tooltip title={t('terminal.recorded')}>
      <span
        role="img"
        aria-label={t('terminal.recorded')}
        className={classes.root}
      >
        <RecordedIcon className={classes.icon} aria-hidden />
      </span>
    </Tooltip>
  );
}
