import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useSteadyNow } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { formatCountdown, urgencyOf } from './countdown';

const useStyles = makeStyles(theme => ({
  time: { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' },
  calm: {},
  amber: { color: theme.palette.warning.main, fontWeight: 600 },
  red: { color: theme.palette.error.main, fontWeight: 600 },
}));

/** How long the access still lasts. Calm at first, then amber, then red. */
export function Countdown({ endsAtMs }: { endsAtMs: number }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const seconds = (endsAtMs - useSteadyNow()) / 1000;
  const time = formatCountdown(seconds);
  return (
    <Typography
      variant="body2"
      component="span"
      role="timer"
      aria-label={t('terminal.timeLeft', { time })}
      title={t('terminal.timeLeft', { time })}
      className={`${classes.time} ${classes[urgencyOf(seconds)]}`}
    >
      {time}
    </Typography>
  );
}
